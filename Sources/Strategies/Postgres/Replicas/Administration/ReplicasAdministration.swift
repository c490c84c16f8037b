@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// A primary and its standbys around a trial: the primary is administered as any PostgreSQL is, and the standbys must have
/// caught up before a trial begins.
final class ReplicasAdministration: StoreAdministration {
  private let members: [PostgresAdministration]
  private let alterations = ServerAlterations()
  private var wanted = ReplicationSettings()
  /// Who takes writes.
  private var primary = 0
  private(set) var isSpent = false

  private static let patience: Int64 = 20_000_000_000

  /// Checks the addresses; connects when they are first used.
  ///
  /// - Parameter url: the URLs of the servers, separated by commas, the primary first; may hold credentials.
  init(url: String, namespace: String) throws(SetupFailure) {
    let addresses = try ReplicaAddresses.all(in: url)
    members = addresses.enumerated().map {
      PostgresAdministration($1, namespace: namespace, isStandby: $0 > 0)
    }
    guard members.count > 1 else {
      throw SetupFailure(
        "services.\(ReplicaAddresses.service) names one server and no replica: name its standbys after it, separated by "
          + "commas")
    }
  }

  private var standbys: ArraySlice<PostgresAdministration> { members.dropFirst() }

  func standBy() {
    members[0].standBy()
    for member in members {
      alterations.standBy(member)
      // Or those who count what others do would find a stranger.
      member.endSession()
    }
  }

  // MARK: around a trial

  func arrange(_ options: Options) { wanted = ReplicationSettings(options) }

  func prepare(values: [Int64]) throws(SetupFailure) {
    try requireStandbys()
    try alterations.undo()
    try members[0].prepare(values: values)
    try awaitStandbys()
    try delayStandbys()
    try nameStandbys()
    for standby in standbys { try standby.beginCounting() }
  }

  /// Each of the others must be a standby of the first.
  private func requireStandbys() throws(SetupFailure) {
    let state = "SELECT pg_is_in_recovery()::text, (SELECT system_identifier FROM pg_control_system())::text"
    let cluster = try members[0].ask(state, for: "look for standbys").last
    for (position, standby) in members.enumerated().dropFirst() {
      if try standby.ask(state, for: "look for standbys") == ["true", cluster] { continue }
      throw SetupFailure(
        "services.\(ReplicaAddresses.service): server \(position + 1) is no standby of the first: name the primary first "
          + "and its standbys after it, separated by commas")
    }
  }

  /// Until every standby has applied what the primary has written.
  private func awaitStandbys() throws(SetupFailure) {
    let target = try members[0].ask("SELECT pg_current_wal_flush_lsn()", for: "ask where its log ends")
    for (position, standby) in members.enumerated().dropFirst() {
      try wait("server \(position + 1) has not caught up with the primary") { () throws(SetupFailure) in
        try standby.ask(
          "SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn", target, for: "ask how far a standby is"
        ) == ["t"]
      }
    }
  }

  private func delayStandbys() throws(SetupFailure) {
    guard wanted.lag > .zero else { return }
    let milliseconds = wanted.lag.nanoseconds / 1_000_000
    for standby in standbys {
      try alterations.set("recovery_min_apply_delay", to: "'\(milliseconds)ms'", on: standby)
      try wait("a standby does not take over recovery_min_apply_delay") { () throws(SetupFailure) in
        try standby.ask(
          "SELECT setting FROM pg_settings WHERE name = 'recovery_min_apply_delay'", for: "read settings"
        ) == ["\(milliseconds)"]
      }
    }
  }

  /// Names those that follow, in the order of their names; those that do not count stand ready for one that fails.
  private func nameStandbys() throws(SetupFailure) {
    let number = wanted.synchronousStandbys
    guard number > 0 else { return }
    let (name, purpose) = ("synchronous_standby_names", "name synchronous standbys")
    let answer = try members[0].ask(
      """
      SELECT count(*), quote_literal('FIRST \(number) (' || string_agg(quote_ident(application_name), ', '
        ORDER BY application_name) || ')')
      FROM pg_stat_replication WHERE state = 'streaming'
      """, for: purpose)
    guard answer.count == 2, let found = Int(answer[0]), found >= number else {
      throw SetupFailure(
        "synchronous-standbys is \(number), and \(answer.first ?? "no") standbys follow the primary: lower it, or name "
          + "more servers in services.\(ReplicaAddresses.service)")
    }
    try alterations.set(name, to: answer[1], on: members[0])
    try wait("the primary does not wait for its synchronous standbys") { () throws(SetupFailure) in
      try members[0].ask("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", for: purpose)
        == ["\(number)"]
    }
  }

  private func wait(_ problem: String, until isDone: () throws(SetupFailure) -> Bool) throws(SetupFailure) {
    let deadline = monotonicNow() + Self.patience
    while try !isDone() {
      guard monotonicNow() < deadline else {
        throw SetupFailure("services.\(ReplicaAddresses.service): \(problem) after \(Self.patience / 1_000_000_000) s")
      }
      usleep(2_000)
    }
  }

  /// A commit that waits for a standby which does not answer waits without end, so nobody is waited for any more.
  func settle(within limit: Duration) throws(SetupFailure) {
    try alterations.undo(on: members[0])
    let deadline = ContinuousClock.now + limit
    for member in members { try member.settle(within: max(.zero, deadline - ContinuousClock.now)) }
  }

  func endWorkerSession(_ role: SessionRole) throws(SetupFailure) -> Bool {
    var hasEnded = false
    for member in members where !hasEnded || role == .all {
      if try member.endWorkerSession(role) { hasEnded = true }
    }
    return hasEnded
  }

  /// Those of the server that takes writes.
  func values() throws(SetupFailure) -> [Int64] {
    if primary > 0 {
      try wait("the replica that was promoted is still a standby") { () throws(SetupFailure) in
        try members[primary].ask("SELECT pg_is_in_recovery()::text", for: "look for the primary") == ["false"]
      }
    }
    return try members[primary].values()
  }

  // MARK: the loss of the primary

  /// The one to be promoted comes last: before, another might confirm in its place what it has not got.
  func separateReplicas() throws(SetupFailure) {
    isSpent = true
    for standby in standbys.reversed() {
      try standby.order("ALTER SYSTEM SET primary_conninfo = ''", for: "separate a standby")
      try standby.order("SELECT pg_reload_conf()", for: "separate a standby")
    }
  }

  func promoteReplica() throws(SetupFailure) {
    isSpent = true
    primary = 1
    try members[primary].order("SELECT pg_promote(false)", for: "promote a standby")
  }

  // MARK: cross-check

  /// Those of all servers together.
  func counts() throws(SetupFailure) -> [String: Int64] {
    let sum = try summedCounts()
    return ["commits": sum.commits, "rollbacks": sum.rollbacks, "deadlocks": sum.deadlocks]
  }

  func crossChecks(_ total: Tally) throws(SetupFailure) -> [CrossCheck] {
    let server = try summedCounts()
    if members.contains(where: \.isShared) { return [] }
    return server.crossChecks(
      total, vacuums: try members[0].vacuumAllowance(server.vacuums + server.vacuuming))
  }

  private func summedCounts() throws(SetupFailure) -> ServerCounts {
    var sum = ServerCounts()
    for member in members { sum = sum + (try member.countedSinceBase()) }
    return sum
  }

  // MARK: description and removal

  func describe() throws(SetupFailure) -> ServerDescription {
    try requireStandbys()
    var description = try members[0].describe()
    description.settings["instances"] = "\(members.count)"
    return description
  }

  func endSession() {
    for member in members { member.endSession() }
  }

  func remove() throws(SetupFailure) {
    try alterations.undo()
    try members[0].remove()
  }
}

extension PostgresAdministration {
  /// The first row of the answer to a statement.
  func ask(
    _ sql: String, _ parameters: [String] = [], for purpose: String
  ) throws(SetupFailure) -> [String] {
    let session = try connected()
    return try perform(purpose) { () throws(AdministrationConnection.Refusal) in
      try session.run(sql, parameters).first ?? []
    }
  }

  /// Runs a statement whose answer does not matter.
  func order(_ sql: String, for purpose: String) throws(SetupFailure) { _ = try ask(sql, for: purpose) }
}
