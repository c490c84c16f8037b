@preconcurrency internal import Glibc
internal import Model
internal import Runtime
internal import Scripts
internal import Services
internal import StrategyCatalog

/// The stores of a run: one administration per service, made when first needed, removed at the end.
final class StoreAdministrations {
  /// Schema or key prefix of the run.
  private(set) var namespace: String
  private let pool: ServicePool
  private var administrations: [String: any StoreAdministration] = [:]

  private let firstNamespace: String
  /// How often the schema or prefix was changed.
  private var epoch = 1

  init(namespace: String, pool: ServicePool) {
    self.namespace = namespace
    firstNamespace = namespace
    self.pool = pool
  }

  /// Goes on under another schema or prefix, after a trial of whose workers some may still be alive and write: what they
  /// write late hits nothing. What was there before is removed.
  func renewNamespace() {
    _ = remove()
    epoch += 1
    namespace = "\(firstNamespace)_\(epoch)"
  }

  /// A service that we have started; nil when somebody else did.
  func service(_ name: String) -> RunningService? { pool.service(name) }

  /// URLs of services by name, as worker processes need them.
  func endpoints(_ services: [String]) -> [String: String] {
    services.reduce(into: [:]) { $0[$1] = pool.endpoint($1)?.url }
  }

  func administration(of service: String) throws(SetupFailure) -> any StoreAdministration {
    if let known = administrations[service] { return known }
    guard let url = pool.endpoint(service)?.url else { throw SetupFailure("service \(service) was not started") }
    let made = try StrategyCatalog.administration(of: service, url: url, namespace: namespace)
    administrations[service] = made
    return made
  }

  /// Calls something, and once more with a session that is opened anew when it fails before a moment: it may be the
  /// session that was at fault.
  private func insisting<Result>(
    on service: String, until deadline: ContinuousClock.Instant? = nil,
    _ body: (any StoreAdministration) throws(SetupFailure) -> Result
  ) throws(SetupFailure) -> Result {
    let administration = try administration(of: service)
    do throws(SetupFailure) {
      return try body(administration)
    } catch {
      if let deadline, ContinuousClock.now >= deadline { throw error }
      administration.endSession()
      return try body(administration)
    }
  }

  /// Prepares every store once, before anything is measured: who may not write there is told at once.
  func rehearse(_ services: [String]) throws(SetupFailure) {
    for service in services { try administration(of: service).prepare(values: [0]) }
  }

  /// Before a trial: the store gets its values, or each of its databases its share, and its lists if there are any;
  /// services that only hold locks get none.
  func prepare(_ trial: ResolvedTrial, values: [Int64]) throws(SetupFailure) {
    let lists = trial.workload.lists
    let program = try trial.workload.script.map(ScriptProgram.compiled)
    for service in trial.services {
      let share: [Int64] =
        if let sharding = trial.sharding {
          sharding.services.firstIndex(of: service).map { sharding.values(values, of: $0) } ?? []
        } else {
          service == trial.store ? values : []
        }
      try renew(service)
      try insisting(on: service) { administration throws(SetupFailure) in
        administration.arrange(trial.selection.options)
        if let lists, service == trial.store { try administration.prepareLists(lists.count) }
        if let program, service == trial.store { try administration.prepareScript(program) }
        try administration.prepare(values: share)
      }
    }
  }

  /// Starts a service anew whose members hold what cannot be brought together again.
  private func renew(_ service: String) throws(SetupFailure) {
    guard administrations[service]?.isSpent == true, let running = pool.service(service) else { return }
    // It knew the servers that are gone, and has nothing to remove from the new ones.
    administrations[service] = nil
    do throws(ServiceFailure) { try running.renew() } catch { throw SetupFailure(error.message) }
  }

  /// After a trial: until no session of its workers is left.
  func settle(_ services: [String], within limit: Duration) throws(SetupFailure) {
    for service in services {
      let deadline = ContinuousClock.now + limit
      try insisting(on: service, until: deadline) { administration throws(SetupFailure) in
        try administration.settle(within: max(.zero, deadline - ContinuousClock.now))
      }
    }
  }

  /// The values of all records after a trial; where they are lists, how many elements they have.
  func values(of trial: ResolvedTrial) throws(SetupFailure) -> [Int64] {
    guard let sharding = trial.sharding else { return try values(of: trial.store, lists: trial.workload.lists) }
    var parts: [[Int64]] = []
    for service in sharding.services { parts.append(try values(of: service, lists: nil)) }
    return sharding.merged(parts)
  }

  private func values(of service: String, lists: ListSettings?) throws(SetupFailure) -> [Int64] {
    try insisting(on: service) { administration throws(SetupFailure) in
      if let lists { return try administration.listLengths(keys: lists.keys) }
      return try administration.values()
    }
  }

  /// After a trial of a user's own transactions: asks all that must hold, and tidies up as the scripts say.
  func examine(_ script: ScriptSettings, of service: String, _ remains: inout Remains) throws(SetupFailure) {
    let program = try ScriptProgram.compiled(script)
    try insisting(on: service) { administration throws(SetupFailure) in
      for check in program.checks {
        remains.queries[check.name] = try administration.answer(check, limit: Self.keptRows)
        if script.interval != nil, check.isTimeless {
          remains.audits[check.name] = try administration.auditFindings(check, limit: Self.keptRows)
        }
      }
      try administration.tearDownScript(program)
    }
  }

  /// Rows of an answer that are kept as evidence.
  private static let keptRows = 20

  /// Our counts beside the server's. A cell that uses two servers counts statements of both together, so it has none.
  func crossChecks(_ services: [String], _ total: Tally) throws(SetupFailure) -> [CrossCheck] {
    guard services.count == 1, let service = services.first else { return [] }
    return try insisting(on: service) { administration throws(SetupFailure) in try administration.crossChecks(total) }
  }

  /// Version and settings of every service, connecting where that has not happened yet.
  func describe(_ services: [String]) throws(SetupFailure) -> [String: ServerDescription] {
    var descriptions: [String: ServerDescription] = [:]
    for service in services { descriptions[service] = try administration(of: service).describe() }
    return descriptions
  }

  /// Removes everything of the run from every server that stays; returns what could not be removed, in sentences. Of a
  /// server that is ours nothing is left: it is thrown away, in whatever state it is.
  func remove() -> [String] {
    var left: [String] = []
    for service in administrations.keys.sorted() where pool.service(service)?.isOurs != true {
      do throws(SetupFailure) {
        try insisting(on: service) { administration throws(SetupFailure) in try administration.remove() }
      } catch {
        left.append(error.message)
      }
    }
    administrations = [:]
    return left
  }

  /// What is known of the end of a server that we started; nil when all of them run.
  ///
  /// - Parameter limit: how long to wait for the news, which are a moment later than the end of its connections.
  func death(among services: [String], within limit: Duration = .zero) -> String? {
    let managed = services.compactMap(pool.service)
    let deadline = ContinuousClock.now + limit
    while true {
      if let death = managed.lazy.compactMap({ $0.hasDied() }).first { return death }
      if managed.isEmpty || ContinuousClock.now >= deadline { return nil }
      usleep(10_000)
    }
  }
}
