internal import Model
internal import Runtime
internal import Workloads

/// What a trial needs before its processes start: threads, shared memory with operations, one assignment per process.
struct TrialSetup {
  let trial: ResolvedTrial
  let initial: [Int64]
  let memory: TrialMemory
  let assignments: [Assignment]
  let samplingInterval: Int
  /// The file in which the strategy writes down its decisions; nil for one that does not.
  private let log: TrialLog?
  /// Where processes find that file.
  var logPath: String? { log?.path }

  /// Operations drawn per thread; a power of two, run round and round.
  private static let ringLength = 4096
  /// Every switch between threads of the client costs more than what it saves: 8 clients on 2 processors made 53 k
  /// selects a second with 8 threads, 63 k with 2, at 10.7 and 8.4 us of client CPU; with 64 clients 2, 4 and 8 threads
  /// were equal (58 k, 7.6 us) and 64 were worse.
  private static let threadsPerProcessor = 1
  /// In-process operations of tens of nanoseconds are timed this seldom, so that the clock does not dominate.
  private static let samplingIntervalInProcess = 64

  /// What entries of a history may take of memory, over all threads, until they are in a file: 32 bytes each.
  private static let historyEntries = 1 << 21

  /// Critical sections of each thread that are kept for a comparison with those of other hosts: minutes of most locks.
  private static let holdCapacity = 1 << 15

  /// - Parameter keepsHistory: whether every operation is written down, although no checker may need it.
  init(
    _ trial: ResolvedTrial, endpoints: [String: String], namespace: String, keepsHistory: Bool = false
  ) throws(SystemFailure) {
    self.trial = trial
    let workload = trial.workload
    log = trial.descriptor.keepsLog ? try TrialLog() : nil
    let keepsHistory = keepsHistory || workload.needsHistory
    let seed = trial.planned.seed
    initial = (0..<workload.recordCount).map(workload.initialValue)
    let workers = trial.planned.cell.workers
    let processes = trial.processes
    let threads = Self.threads(
      for: trial.descriptor, workers: workers, processes: processes, stated: trial.load.threads)
    let rings = Self.rings(of: workload, threads: 0..<threads, seed: seed)
    let layout = TrialLayout(
      records: initial.count, threads: threads, workers: workers, ringLength: Self.ringLength,
      stepsPerOperation: rings.flatMap { $0 }.map(\.steps.count).max() ?? 1,
      comparesValues: trial.descriptor.returnsValues && !trial.isInProcess,
      historyCapacity: keepsHistory ? Self.historyCapacity(threads: threads, workers: workers) : 0,
      holdCapacity: trial.hosts > 1 ? Self.holdCapacity : 0)
    memory = try TrialMemory(layout)
    memory.setInitialValues(initial)
    for (thread, ring) in rings.enumerated() { memory.setOperations(ring, ofThread: thread) }
    samplingInterval = Self.samplingInterval(trial, keepsHistory: keepsHistory)
    assignments = Self.assignments(
      trial, layout, endpoints: endpoints, namespace: namespace, log: log?.path, samplingInterval: samplingInterval)
  }

  /// What one host of several needs of a trial: memory that is laid out as that of all, with the operations of its own
  /// threads, and the assignments of its own processes.
  ///
  /// - Parameter memory: that of the trial, if there is one already.
  init(_ trial: ResolvedTrial, _ order: HostOrder, memory given: TrialMemory? = nil) throws(SystemFailure) {
    self.trial = trial
    let workload = trial.workload
    log = nil
    initial = (0..<workload.recordCount).map(workload.initialValue)
    samplingInterval = Self.samplingInterval(trial, keepsHistory: false)
    let all = Self.assignments(
      trial, order.layout, endpoints: order.endpoints, namespace: order.namespace, log: nil,
      samplingInterval: samplingInterval)
    let perHost = trial.processesPerHost
    assignments = Array(all[order.rank * perHost..<(order.rank + 1) * perHost])
    if let given { memory = given } else { memory = try TrialMemory(order.layout) }
    memory.setInitialValues(initial)
    for thread in assignments.flatMap(\.threads) {
      let ring = Self.rings(of: workload, threads: thread..<(thread + 1), seed: trial.planned.seed)[0]
      memory.setOperations(ring, ofThread: thread)
    }
  }

  /// Operations of some threads, drawn from the seed and the place of each.
  private static func rings(of workload: any Workload, threads: Range<Int>, seed: UInt64) -> [[OperationTemplate]] {
    threads.map { thread in
      var random = RandomSource(seed: seed, stream: 1 << 32 | UInt64(thread))
      return workload.operations(count: ringLength, using: &random)
    }
  }

  /// A history is one of all operations, so all of them are timed.
  private static func samplingInterval(_ trial: ResolvedTrial, keepsHistory: Bool) -> Int {
    let isSampled =
      !keepsHistory && trial.isInProcess && trial.settings.hold == .zero && trial.settings.think == .zero
      && trial.load.rate == nil
    return isSampled ? samplingIntervalInProcess : 1
  }

  /// One for each process of the trial, on whichever host.
  private static func assignments(
    _ trial: ResolvedTrial, _ layout: TrialLayout, endpoints: [String: String], namespace: String, log: String?,
    samplingInterval: Int
  ) -> [Assignment] {
    let processes = trial.processes
    return (0..<processes).map { process in
      Assignment(
        layout: layout, workers: share(of: layout.workers, process, processes),
        threads: share(of: layout.threads, process, processes), strategy: trial.selection.id,
        over: trial.selection.over, options: trial.selection.options, endpoints: endpoints, namespace: namespace,
        sharding: trial.sharding, log: log, adapter: trial.selection.adapter, workload: trial.settings,
        load: trial.load, retry: trial.retry, seed: trial.planned.seed, samplingInterval: samplingInterval,
        affinity: Placements.client(trial.load.pin))
    }
  }

  var threads: Int { memory.layout.threads }
  /// The workers of its own processes.
  var workers: Range<Int> {
    (assignments.first?.workers.lowerBound ?? 0)..<(assignments.last?.workers.upperBound ?? 0)
  }

  /// Entries that each thread has room for: many enough for 5 ms of the fastest strategy where there are few threads, and
  /// for a few operations of each of its workers in any case.
  private static func historyCapacity(threads: Int, workers: Int) -> Int {
    let share = min(1 << 16, max(1 << 10, historyEntries / threads))
    let needed = max(share, 32 * ((workers + threads - 1) / threads))
    return 1 << (Int.bitWidth - (needed - 1).leadingZeroBitCount)
  }

  /// Threads over all processes, at least one in each.
  static func threads(for descriptor: StrategyDescriptor, workers: Int, processes: Int, stated: Int?) -> Int {
    switch descriptor.threading {
    case .perWorker: workers
    case .perConnection: min(workers, max(processes, stated ?? threadsPerProcessor * MachineMonitor.processors))
    case .shared: min(workers, max(processes, stated ?? processes))
    }
  }

  /// The part of `count` things that falls to one of several processes; parts differ by one at most.
  static func share(of count: Int, _ process: Int, _ processes: Int) -> Range<Int> {
    (count * process / processes)..<(count * (process + 1) / processes)
  }
}
