public import Model

/// What all workers of a process share of a strategy, a lock or a store.
public protocol Configurable: ~Copyable, SendableMetatype {
  /// Locks in memory, parsed addresses, options.
  associatedtype Configuration: Sendable
  /// Makes what the workers of a process share; called once per trial in each process.
  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration
}

/// One worker's connection to whatever it works with, opened for one trial.
///
/// Not copyable and used by one worker only; whatever it owns is freed in its `deinit`. What the worker does in it is a
/// capability: a ``Strategy``, a ``LockClient``, a ``StoreClient``.
public protocol WorkerSession: Configurable, ~Copyable {
  /// Connects, prepares statements. Called on the worker's thread.
  static func open(_ configuration: Configuration, _ worker: WorkerContext) async throws(SetupFailure) -> Self
  /// Replaces a broken session after ``AttemptFailure/connectionLost`` or ``AttemptFailure/ambiguous``.
  mutating func reopen() async throws(SetupFailure)
  /// Ends the session in good order.
  consuming func close() async
}

extension WorkerSession where Self: ~Copyable {
  /// Nothing to do where there is no connection.
  public mutating func reopen() async throws(SetupFailure) {}
  /// Nothing to do where there is no connection.
  public consuming func close() async {}
}

/// What a session may know about the trial that it is configured for.
public struct StrategyEnvironment: Sendable {
  /// Its resolved options.
  public let options: Options
  /// The records of the memory store.
  public let records: Records
  /// Workers over all processes.
  public let workers: Int
  /// URL of each service that the cell needs, by name. May hold credentials.
  public let endpoints: [String: String]
  /// Unique to the run: schema in PostgreSQL, key prefix in Redis. Letters, digits and `_`.
  public let namespace: String
  /// How the records are lists; nil where they are numbers.
  public let lists: ListSettings?
  /// How the records are spread over databases; nil when they lie in one store.
  public let sharding: Sharding?
  /// Path of a file of the trial that outlives its processes, empty at its start, for a log; nil for a strategy whose
  /// descriptor does not say that it keeps one.
  public let log: String?
  /// How requests are delivered that carry an idempotency key; nil where each is sent once.
  public let deliveries: DeliverySettings?
  /// The job that operations are runs of; nil for others.
  public let job: JobSettings?
  /// The election whose leader has operations as effects; nil for others.
  public let election: ElectionSettings?
  /// The user's own program; nil for a strategy that is none.
  public let adapter: AdapterSettings?

  /// The user's own transactions, for the strategy's variant and store; nil for others.
  public let script: ScriptSettings?
  /// Seed of the trial, the same for all workers.
  public let seed: UInt64

  /// Makes an environment; tests make their own.
  public init(
    options: Options, records: Records, workers: Int, endpoints: [String: String], namespace: String,
    lists: ListSettings? = nil, sharding: Sharding? = nil, log: String? = nil,
    deliveries: DeliverySettings? = nil, job: JobSettings? = nil,
    election: ElectionSettings? = nil, adapter: AdapterSettings? = nil, script: ScriptSettings? = nil, seed: UInt64 = 0
  ) {
    self.adapter = adapter
    self.seed = seed
    self.script = script
    self.election = election
    self.job = job
    self.sharding = sharding
    self.log = log
    self.options = options
    self.records = records
    self.workers = workers
    self.endpoints = endpoints
    self.namespace = namespace
    self.lists = lists
    self.deliveries = deliveries
  }

  /// The same with other options.
  public func with(_ options: Options) -> StrategyEnvironment {
    StrategyEnvironment(
      options: options, records: records, workers: workers, endpoints: endpoints, namespace: namespace, lists: lists,
      sharding: sharding, log: log, deliveries: deliveries, job: job, election: election, adapter: adapter,
      script: script, seed: seed)
  }

  /// What there is for a session with one of the databases over which the records are spread: its service goes by the
  /// name of its kind, and its objects are its own.
  ///
  /// - Parameter shard: its position in ``Sharding/services``.
  public func database(_ shard: Int) throws(SetupFailure) -> StrategyEnvironment {
    guard let service = sharding?.services[shard] else { throw SetupFailure("the records lie in one store") }
    let kind = ShardedStore.furtherInstance(service)?.service ?? service
    return StrategyEnvironment(
      options: options, records: records, workers: workers, endpoints: [kind: try endpoint(service)],
      namespace: ShardedStore.namespace(namespace, in: service))
  }

  /// The URL of a service that the strategy's descriptor says it needs.
  public func endpoint(_ service: String) throws(SetupFailure) -> String {
    guard let url = endpoints[service] else { throw SetupFailure("no address for service \(service)") }
    return url
  }
}

/// What a session may know about its worker.
public struct WorkerContext: Sendable {
  /// Index of the worker over all processes, from 0.
  public let index: Int
  /// The loop of the worker's thread.
  public let loop: EventLoop
  /// Counts statements and other events outside attempts.
  public let events: EventCounter
  /// Seeded for this worker; for tokens and the like.
  public let random: RandomSource
  /// Records how long the stages of operations take.
  public let stages: StageRecorder
  /// Points of an operation at which faults end processes.
  public let points: PointReporter
  /// What leaders leave for their successors.
  let office: OfficeWords
  /// Ends the trial as failed: the session can never be opened again, and it is nobody's doing.
  public let fail: @Sendable (SetupFailure) -> Void
}

/// Records how long the stages of operations take that a strategy names in its descriptor, in the measured window. Used
/// on its thread only.
public struct StageRecorder: Sendable {
  private let recorders: [Recorder]
  private let phase: PhaseSignal

  init(_ thread: ThreadBlock, _ phase: PhaseSignal) {
    recorders = (0..<StrategyDescriptor.largestNumberOfStages).compactMap(RecorderKind.init(stage:))
      .map(thread.recorder)
    self.phase = phase
  }

  /// Records nothing.
  init(nothingIn phase: PhaseSignal) {
    recorders = []
    self.phase = phase
  }

  /// Records a stage, by its position in ``StrategyDescriptor/stages``; for operations that came to their end only.
  public func record(_ stage: Int, nanoseconds: Int64) {
    if phase.number == Int64(Phase.measured.rawValue) { recorders[stage].record(nanoseconds) }
  }
}
