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
  /// Time inside the critical section.
  public var hold: Duration
  /// Time between two operations.
  public var think: Duration
  /// Retry policy.
  public var retry: RetryPolicy
  /// Seed of the trial.
  public var seed: UInt64
  /// What is fought over.
  public var workload: WorkloadSettings
  /// The checkers whose observers watch while the operations run, by name.
  public var watched: [String]
  /// Time before the measured window.
  public var warmup: Duration
  /// Length of the measured window; nil when operations bound the trial.
  public var duration: Duration?
  /// Operations over all workers; nil when time bounds the trial.
  public var operations: Int?
  /// Arrivals per second over all workers; nil for a closed loop.
  public var rate: Double?
  /// How long operations may take after the window has closed.
  public var drain: Duration
  /// One operation in this many is timed.
  public var samplingInterval: Int
  /// CPUs that the threads may use, one bit each; nil for all.
  public var affinity: UInt64?

  /// Makes an assignment.
  public init(
    layout: TrialLayout, workers: Range<Int>, threads: Range<Int>, strategy: String, over: String?, options: Options,
    endpoints: [String: String], namespace: String, workload: WorkloadSettings, load: LoadSettings, retry: RetryPolicy,
    seed: UInt64, watched: [String], samplingInterval: Int, affinity: UInt64?
  ) {
    self.layout = layout
    self.workers = workers
    self.threads = threads
    self.strategy = strategy
    self.over = over
    self.options = options
    self.endpoints = endpoints
    self.namespace = namespace
    self.workload = workload
    hold = workload.hold
    think = workload.think
    self.retry = retry
    self.seed = seed
    self.watched = watched
    warmup = load.warmup
    duration = load.duration
    operations = load.operations
    rate = load.rate
    drain = load.drain
    self.samplingInterval = samplingInterval
    self.affinity = affinity
  }

  /// Operations of one worker: an equal share, the remainder to the first ones.
  func operations(of worker: Int) -> Int {
    guard let operations else { return .max }
    return operations / layout.workers + (worker < operations % layout.workers ? 1 : 0)
  }
}
