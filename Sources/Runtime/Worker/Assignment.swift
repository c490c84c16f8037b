public import Model

/// What the driver tells a worker process to do in one trial.
public struct Assignment: Sendable, Equatable, Codable {
  /// Layout of the shared memory.
  public var layout: TrialLayout
  /// The workers of this process, by index over all processes.
  public var workers: Range<Int>
  /// The threads of this process, by index over all processes.
  public var threads: Range<Int>
  /// Id of the strategy.
  public var strategy: String
  /// The store that a locking strategy protects; the strategy's own when nil.
  public var over: String?
  /// The strategy's options.
  public var options: Options
  /// URLs of the services, by name. May hold credentials: sent over the socket, never on a command line.
  public var endpoints: [String: String]
  /// Schema or key prefix, unique to the run.
  public var namespace: String
  /// How the records are spread over databases; nil when they lie in one store.
  public var sharding: Sharding?
  /// A file of the trial that outlives its processes; nil for a strategy that keeps no log.
  public var log: String?
  /// The user's own program, for a strategy that is one.
  public var adapter: AdapterSettings?
  /// The workload: of it, workers need the time inside the critical section and that between two operations.
  public var workload: WorkloadSettings
  /// How many workers, for how long.
  public var load: LoadSettings
  /// What happens after an attempt that failed, the strategy's own policy where it has one.
  public var retry: RetryPolicy
  /// Seed of the trial; that of the load is the seed of the run.
  public var seed: UInt64
  /// One operation in this many is timed.
  public var samplingInterval: Int
  /// CPUs that the threads may use, one bit each; nil for all.
  public var affinity: UInt64?

  /// Makes an assignment.
  public init(
    layout: TrialLayout, workers: Range<Int>, threads: Range<Int>, strategy: String, over: String?, options: Options,
    endpoints: [String: String], namespace: String, sharding: Sharding? = nil, log: String? = nil,
    adapter: AdapterSettings? = nil, workload: WorkloadSettings, load: LoadSettings, retry: RetryPolicy,
    seed: UInt64, samplingInterval: Int, affinity: UInt64?
  ) {
    self.layout = layout
    self.workers = workers
    self.threads = threads
    self.strategy = strategy
    self.over = over
    self.options = options
    self.endpoints = endpoints
    self.namespace = namespace
    self.sharding = sharding
    self.log = log
    self.adapter = adapter
    self.workload = workload
    self.load = load
    self.retry = retry
    self.seed = seed
    self.samplingInterval = samplingInterval
    self.affinity = affinity
  }

  /// Operations of one worker: an equal share, the remainder to the first ones.
  func operations(of worker: Int) -> Int {
    guard let operations = load.operations else { return .max }
    return operations / layout.workers + (worker < operations % layout.workers ? 1 : 0)
  }
}
