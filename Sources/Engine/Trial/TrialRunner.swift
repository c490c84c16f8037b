internal import Checking
internal import Hosts
internal import Model
internal import Proxy
internal import Runtime

/// Runs trials one after the other: seeds the stores, lets the workers fight, waits until nothing can change any more,
/// reads the end, and lets the checkers decide.
final class TrialRunner {
  private let executable: String
  private let stores: StoreAdministrations
  private let monitor: MachineMonitor
  private let interruption: Int32
  /// The hosts on which workers run; nil when that is this one alone.
  private let fleet: Fleet?

  /// How long sessions may take to disappear from a server after their processes have ended.
  private static let settling = Duration.seconds(20)

  /// How long the end of a server may take to be known after its clients have met it.
  private static let news = Duration.milliseconds(300)

  init(
    executable: String, stores: StoreAdministrations, monitor: MachineMonitor, interruption: Int32, fleet: Fleet? = nil
  ) {
    self.fleet = fleet
    self.executable = executable
    self.stores = stores
    self.monitor = monitor
    self.interruption = interruption
  }

  /// Runs one trial. Nil when the user interrupted it.
  ///
  /// - Parameter histories: the folder that keeps its history; nil for none.
  /// - Throws: when this program failed; what goes wrong with a server or a worker is in the result.
  func run(
    _ trial: ResolvedTrial, histories: String?, onProgress: @escaping (LiveView) -> Void
  ) throws(EngineFailure) -> TrialResult? {
    // Those of workers are done by the hosts on which they are.
    let faults = FaultSchedule(trial.hosts > 1 ? trial.faults.filter { !$0.isOfWorkers } : trial.faults)
    var addresses = stores.endpoints(trial.services)
    var problem: String?
    // Kept as long as the workers run; administration goes directly.
    var distance: ServiceProxy?
    do throws(FaultFailure) {
      distance = try Self.putAtDistance(trial, &addresses)
      try faults?.prepare(&addresses, trial, managed: ManagedServices(trial.services.compactMap(stores.service)))
    } catch {
      problem = error.message
    }
    defer { withExtendedLifetime(distance) {} }
    let setup: TrialSetup
    do throws(SystemFailure) {
      setup = try TrialSetup(
        trial, endpoints: addresses, namespace: stores.namespace, keepsHistory: histories != nil)
    } catch {
      throw EngineFailure(.internal, "\(error)")
    }
    if let problem = problem ?? unprepared(setup) {
      var result = emptyResult(setup)
      result.failure = problem
      return result
    }
    let recording: TrialHistory?
    do throws(SystemFailure) {
      recording = setup.memory.layout.historyCapacity > 0 ? try TrialHistory(of: setup, in: histories) : nil
    } catch {
      throw EngineFailure(.internal, "\(error)")
    }
    let recorder = TrialRecorder(
      monitor: monitor, countsChildren: trial.selection.adapter != nil, onProgress: onProgress)
    let (ending, watched, parts) =
      try fleet.flatMap { fleet throws(EngineFailure) in
        trial.hosts > 1 ? try run(setup, over: fleet, recorder, faults, addresses) : nil
      } ?? alone(setup, recorder, faults)
    let history = recording?.end(ending)
    if ending.isInterrupted {
      _ = history?.write(setup, ending)
      try? stores.settle(trial.services, within: .seconds(2))
      return nil
    }
    var result = conclude(setup, ending, watched, parts, history)
    // Last, because it takes its time, which is not that of the trial.
    switch history?.write(setup, ending) {
    case .success(let summary)?: result.history = summary
    case .failure(let failure)?: result.failure = result.failure ?? failure.description
    case nil: break
    }
    return result
  }

  /// Runs a trial on this host.
  private func alone(
    _ setup: TrialSetup, _ recorder: TrialRecorder, _ faults: FaultSchedule?
  ) -> (RunningTrial.Ending, TrialRecorder, HostParts?) {
    let (ending, recorder) = RunningTrial(
      setup, executable: executable, recorder: recorder, interruption: interruption, faults: faults,
      service: stores.service, administration: stores.administration
    ).run()
    return (ending, recorder, nil)
  }

  /// Runs a trial over several hosts.
  private func run(
    _ setup: TrialSetup, over fleet: Fleet, _ recorder: TrialRecorder, _ faults: FaultSchedule?,
    _ addresses: [String: String]
  ) throws(EngineFailure) -> (RunningTrial.Ending, TrialRecorder, HostParts?) {
    let trial = setup.trial
    do throws(EngineFailure) { try fleet.assemble(trial.hosts) } catch {
      throw error.kind == .serviceUnavailable ? EngineFailure(.incomplete, error.message) : error
    }
    let orders = (0..<trial.hosts).map { rank in
      HostOrder(
        trial, of: setup, endpoints: addresses, namespace: stores.namespace, rank: rank,
        faults: trial.faults.filter { $0.isOfWorkers && $0.host(of: trial) == rank }.map(\.position),
        beatInterval: FleetBeats(of: trial).interval)
    }
    let (ending, watched, parts) = FleetTrial(setup, fleet: fleet, recorder: recorder, faults: faults) { times in
      TrialController(
        WorkerProcesses(executable: self.executable, memory: setup.memory), memory: setup.memory, times: times,
        service: self.stores.service, administration: self.stores.administration)
    }.run(orders)
    return (ending, watched, parts)
  }

  /// Puts services where the scenario says that they are to seem to be; nil when all are where they are.
  private static func putAtDistance(
    _ trial: ResolvedTrial, _ addresses: inout [String: String]
  ) throws(FaultFailure) -> ServiceProxy? {
    if trial.distances.isEmpty { return nil }
    do throws(ProxyFailure) {
      let proxy = try ServiceProxy(seed: trial.planned.seed)
      for (service, distance) in trial.distances.sorted(by: { $0.key < $1.key }) {
        guard let url = addresses[service] else { continue }
        let (address, links) = try proxy.stand(before: url, of: service)
        proxy.setDistance(distance, links)
        addresses[service] = address
      }
      return proxy
    } catch {
      throw FaultFailure("cannot put a service at a distance: \(error.message)")
    }
  }

  /// Why the stores could not be prepared; nil when they are.
  private func unprepared(_ setup: TrialSetup) -> String? {
    let services = setup.trial.services
    // Nobody is asked who is known to be gone.
    if let death = stores.death(among: services) { return death }
    do throws(SetupFailure) {
      try stores.prepare(setup.trial, values: setup.initial)
      return nil
    } catch {
      return stores.death(among: services, within: Self.news) ?? error.message
    }
  }

  private func conclude(
    _ setup: TrialSetup, _ ending: RunningTrial.Ending, _ recorder: TrialRecorder, _ parts: HostParts?,
    _ history: EndedHistory?
  ) -> TrialResult {
    let trial = setup.trial
    var recorder = recorder
    let memory = setup.memory
    recorder.end(memory, closed: ending.windowClosed)
    if parts == nil { memory.settleOpenOperations(windowEnd: ending.windowClosed) }
    var result = emptyResult(setup)
    // A server that died is why workers failed, too.
    result.failure =
      stores.death(among: trial.services, within: ending.failure == nil ? .zero : Self.news) ?? ending.failure
    result.events = ending.events
    result.faults = ending.faults
    result.startedAt = recorder.startedAt
    result.measuredSeconds = Double(ending.windowClosed - ending.windowOpened) / 1e9
    result.timeline = recorder.timeline
    result.machine = recorder.share
    result.machine.threads = recorder.sampler?.share(
      threads: setup.threads,
      processors: Placements.client(trial.load.pin)?.nonzeroBitCount ?? MachineMonitor.processors)
    result.parts = recorder.sampler?.parts ?? []
    // Pods meet at their ticks and not by chance: whom they met is in what they refused. Which rows a script touches is not
    // known.
    if trial.workload.job == nil && trial.workload.script == nil {
      result.encounters = recorder.sampler?.encounters ?? Encounters()
    }
    result.samplingInterval = setup.samplingInterval
    parts.map { $0.complete(&result, on: fleet?.machine ?? "") }
    let collected =
      parts?.evidence ?? memory.collect(windowOpened: ending.windowOpened, withStore: trial.store == "memory")
    report(collected, in: &result)
    var remains = Remains()
    let final = finalValues(setup, collected, ending, &result, &remains)
    result.turns =
      recorder.sampler?.leaders?.turns
      ?? JobQuestion.turns(in: remains, windowOpened: ending.windowOpened)
    if let final, memory.refusesEverything(over: final) {
      result.usedUpAfterSeconds = Double(collected.lastCommit ?? 0) / 1e9
    }
    var evidence = Evidence(
      initial: setup.initial, final: final, ledger: collected.ledger, total: collected.total,
      duplicates: collected.duplicates(initial: setup.initial, falling: trial.workload.changes.lowerBound < 0),
      tokens: 1...Int64(trial.planned.cell.workers))
    evidence.remains = remains
    evidence.missing = parts?.missing ?? []
    evidence.readsSnapshots = trial.descriptor.readsSnapshots(trial.selection.options)
    if trial.workload.needsHistory {
      evidence.isolation = trial.isolation
      do { evidence.history = try history?.judged(setup, ending) } catch {
        result.failure = result.failure ?? "what was recorded could not be read: \(error)"
      }
    }
    result.checks = check(trial.workload, evidence, besides: trial.aftermath?.checkers ?? [])
    result.unknownOutcomes = UnknownOutcomes(evidence, of: trial.workload, checks: result.checks)
    assertSums(collected, &result)
    return result
  }

  private func emptyResult(_ setup: TrialSetup) -> TrialResult {
    let trial = setup.trial
    var result = TrialResult(
      cell: trial.planned.cell, strategyID: trial.selection.id, store: trial.store, processes: trial.processes,
      threads: setup.threads, repetition: trial.planned.repetition, position: trial.planned.position,
      seed: trial.planned.seed, grade: trial.grade, expectation: trial.expectation)
    result.measurement = trial.planned.measurement
    result.stageNames = trial.descriptor.stages
    result.conditions = TrialConditions(trial.settings, trial.load)
    result.conditions.distances = trial.distances
    result.conditions.servers = trial.servers
    return result
  }

  private func report(_ collected: CollectedEvidence, in result: inout TrialResult) {
    result.tallies = collected.tallies
    result.latency = collected.latency
    result.phases = collected.phases
    result.tries = collected.tries
    result.fairness = collected.fairness
    result.firstError = collected.firstError
  }

  /// The values at the end, and the comparison with the server's counts; nil values when they cannot be trusted.
  private func finalValues(
    _ setup: TrialSetup, _ collected: CollectedEvidence, _ ending: RunningTrial.Ending,
    _ result: inout TrialResult, _ remains: inout Remains
  ) -> [Int64]? {
    let trial = setup.trial
    let services = trial.services
    if stores.death(among: services) != nil { return nil }
    do throws(SetupFailure) {
      try stores.settle(services, within: Self.settling)
      // Before an aftermath sends statements of its own. What a server had counted before it was killed is gone. Without
      // the server's counts the trial has failed, but what the values show is no less true.
      // A program of the user's sends requests that nobody here counts, and of a host that was lost nobody knows any.
      if !ending.serverWasKilled && !trial.descriptor.takesProgram && result.hosts?.lost.isEmpty != false {
        do throws(SetupFailure) { result.crossChecks = try stores.crossChecks(services, result.total) } catch {
          result.failure = result.failure ?? error.message
        }
      }
      if let aftermath = trial.aftermath { remains = try aftermath.collect(environment(of: setup)) }
      if let script = trial.workload.script { try stores.examine(script, of: trial.store, &remains) }
      if let values = collected.values { return values }
      return try stores.values(of: trial)
    } catch {
      result.failure = result.failure ?? stores.death(among: services, within: Self.news) ?? error.message
      return nil
    }
  }

  /// What a strategy may know once its workers are gone: its services as they are, not as faults or distances made them.
  private func environment(of setup: TrialSetup) -> StrategyEnvironment {
    let trial = setup.trial
    return StrategyEnvironment(
      options: trial.selection.options, records: setup.memory.records, workers: trial.planned.cell.workers,
      endpoints: stores.endpoints(trial.services), namespace: stores.namespace, lists: trial.workload.lists,
      sharding: trial.sharding, log: setup.logPath, deliveries: trial.workload.deliveries,
      job: trial.workload.job, election: trial.workload.election, adapter: trial.selection.adapter,
      script: trial.workload.script)
  }

  /// Every operation that was started has one outcome, and every attempt one end; else the figures cannot be trusted.
  private func assertSums(_ collected: CollectedEvidence, _ result: inout TrialResult) {
    guard result.failure == nil else { return }
    let total = result.total
    if collected.startedOperations != total.outcomes || total.openOperations != 0 {
      result.failure =
        "the counts do not add up: \(collected.startedOperations) operations started, \(total.outcomes) outcomes"
    } else if total.openAttempts != 0 {
      result.failure =
        "the counts do not add up: \(total[.attempts]) attempts started, \(total[.attempts] - total.openAttempts) ended"
    }
  }
}
