internal import Model
internal import Runtime
internal import StrategyCatalog
internal import Workloads

/// What a trial needs before its processes start: threads, shared memory with operations, one assignment per process.
struct TrialSetup {
  let planned: PlannedTrial
  let variant: Variant
  let selection: StrategySelection
  let descriptor: StrategyDescriptor
  let store: String
  let initial: [Int64]
  let memory: TrialMemory
  let assignments: [Assignment]
  let samplingInterval: Int

  /// Operations drawn per thread; a power of two, run round and round.
  private static let ringLength = 4096
  /// Every switch between threads of the client costs more than what it saves: 8 clients on 2 processors made 53 k
  /// selects a second with 8 threads, 63 k with 2, at 10.7 and 8.4 us of client CPU; with 64 clients 2, 4 and 8 threads
  /// were equal (58 k, 7.6 us) and 64 were worse.
  private static let threadsPerProcessor = 1
  /// In-process operations of tens of nanoseconds are timed this seldom, so that the clock does not dominate.
  private static let samplingIntervalInProcess = 64

  init(
    _ planned: PlannedTrial, _ variant: Variant, scenario: Scenario, workload: any Workload,
    descriptor: StrategyDescriptor, endpoints: [String: String], namespace: String
  ) throws(SystemFailure) {
    self.planned = planned
    self.variant = variant
    self.descriptor = descriptor
    selection = scenario.strategies[planned.strategyIndex]
    store = selection.over ?? descriptor.store
    initial = (0..<workload.recordCount).map(workload.initialValue)
    let workers = planned.cell.workers
    let processes = min(variant.load.processes, workers)
    let threads = Self.threads(for: descriptor, workers: workers, processes: processes, stated: variant.load.threads)
    let rings = (0..<threads).map { thread in
      var random = RandomSource(seed: planned.seed, stream: 1 << 32 | UInt64(thread))
      return workload.operations(count: Self.ringLength, using: &random)
    }
    let isInProcess = descriptor.threading == .perWorker && store == "memory"
    let layout = TrialLayout(
      records: initial.count, threads: threads, workers: workers, ringLength: Self.ringLength,
      stepsPerOperation: rings.flatMap { $0 }.map(\.steps.count).max() ?? 1,
      comparesValues: descriptor.returnsValues && !isInProcess)
    memory = try TrialMemory(layout)
    memory.setInitialValues(initial)
    for (thread, ring) in rings.enumerated() { memory.setOperations(ring, ofThread: thread) }
    let selection = self.selection
    let isSampled =
      isInProcess && variant.workload.hold == .zero && variant.workload.think == .zero && variant.load.rate == nil
    // Where a policy is swept, one of its variants may well be the default.
    let isStated = scenario.variants.contains { $0.retry != RetryPolicy() }
    let retry = selection.retry ?? (isInProcess && !isStated ? .immediate : variant.retry)
    let interval = isSampled ? Self.samplingIntervalInProcess : 1
    samplingInterval = interval
    assignments = (0..<processes).map { process in
      Assignment(
        layout: layout, workers: Self.share(of: workers, process, processes),
        threads: Self.share(of: threads, process, processes), strategy: selection.id, over: selection.over,
        options: selection.options, endpoints: endpoints, namespace: namespace, workload: variant.workload,
        load: variant.load, retry: retry, seed: planned.seed,
        watched: Self.watched(workload, comparesValues: layout.comparesValues),
        samplingInterval: interval,
        affinity: Placements.client(variant.load.pin))
    }
  }

  var processes: Int { assignments.count }
  var threads: Int { memory.layout.threads }

  /// The services that a strategy of a scenario needs.
  static func services(of selection: StrategySelection) -> [String] {
    StrategyCatalog.entry(id: selection.id, over: selection.over)?.descriptor.services(over: selection.over) ?? []
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

  /// The names of the checkers whose evidence this trial can have and that must watch for it.
  private static func watched(_ workload: any Workload, comparesValues: Bool) -> [String] {
    let available = Set(EvidenceKind.allCases.filter { $0 != .returnedValues || comparesValues })
    return workload.checkers.filter { $0.observer != nil && $0.needs.isSubset(of: available) }.map(\.name)
  }
}

/// CPUs of client and servers by the placement of a variant, as masks.
enum Placements {
  /// Nil leaves it to the kernel.
  static func client(_ placement: Placement) -> UInt64? {
    switch placement {
    case .free: nil
    case .same: 1
    case .split: 0x5555_5555_5555_5555 & online
    }
  }

  /// All CPUs when the kernel decides: servers may come from another placement.
  static func servers(_ placement: Placement) -> UInt64 {
    switch placement {
    case .free: online
    case .same: 1
    case .split: MachineMonitor.processors > 1 ? 0xAAAA_AAAA_AAAA_AAAA & online : 1
    }
  }

  private static var online: UInt64 {
    MachineMonitor.processors >= 64 ? .max : (1 << UInt64(MachineMonitor.processors)) - 1
  }
}
