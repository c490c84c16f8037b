public import Model

/// One worker's way to run operations atomically, opened for one trial.
///
/// Not copyable and used by one worker only; whatever it owns is freed in its `deinit`. The engine decides about retries:
/// an attempt reports how it failed and leaves nothing behind (locks released, transaction rolled back).
public protocol Strategy: ~Copyable, SendableMetatype {
  /// What all workers of a process share: locks in memory, parsed addresses, options.
  associatedtype Configuration: Sendable
  /// Makes what the workers of a process share; called once per trial in each process.
  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration
  /// Opens a session: connects, prepares statements. Called on the worker's thread.
  static func open(_ configuration: Configuration, _ worker: WorkerContext) async throws(SetupFailure) -> Self
  /// Tries the operation once.
  ///
  /// Calls ``Attempt/enter()`` and ``Attempt/leave()`` around the critical section if there is one, and
  /// ``Attempt/hold()`` between reading and writing.
  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult
  /// Replaces a broken session after ``AttemptFailure/connectionLost`` or ``AttemptFailure/ambiguous``.
  mutating func reopen() async throws(SetupFailure)
  /// Ends the session in good order.
  consuming func close() async
}

extension Strategy where Self: ~Copyable {
  /// Nothing to do for strategies without a connection.
  public mutating func reopen() async throws(SetupFailure) {}
  /// Nothing to do for strategies without a connection.
  public consuming func close() async {}
}

/// A lock service: keeps others away from a record, whatever store the record lives in.
public protocol LockClient: ~Copyable, SendableMetatype {
  /// What all workers of a process share.
  associatedtype Configuration: Sendable
  /// Makes what the workers of a process share.
  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration
  /// Opens a session on the worker's thread.
  static func open(_ configuration: Configuration, _ worker: WorkerContext) async throws(SetupFailure) -> Self
  /// Waits for the lock of a record. `shared` allows other shared holders if the lock knows them.
  ///
  /// Throws when it was not granted; then it is not held.
  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure)
  /// Gives the lock back. A lock that was lost meanwhile is counted as ``Counter/expiredHolds``, not thrown.
  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure)
  /// Replaces a broken session.
  mutating func reopen() async throws(SetupFailure)
  /// Ends the session in good order.
  consuming func close() async
}

extension LockClient where Self: ~Copyable {
  /// Nothing to do for locks without a connection.
  public mutating func reopen() async throws(SetupFailure) {}
  /// Nothing to do for locks without a connection.
  public consuming func close() async {}
}

/// A store without any protection of its own: reads values, writes values.
public protocol StoreClient: ~Copyable, SendableMetatype {
  /// What all workers of a process share.
  associatedtype Configuration: Sendable
  /// Makes what the workers of a process share.
  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration
  /// Opens a session on the worker's thread.
  static func open(_ configuration: Configuration, _ worker: WorkerContext) async throws(SetupFailure) -> Self
  /// Reads the records of all steps into the attempt's values.
  mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure)
  /// Writes the attempt's values to the records of all steps that are not reads. Throws
  /// ``AttemptFailure/ambiguous`` when the answer was lost.
  mutating func write(_ attempt: inout Attempt) async throws(AttemptFailure)
  /// Replaces a broken session.
  mutating func reopen() async throws(SetupFailure)
  /// Ends the session in good order.
  consuming func close() async
}

extension StoreClient where Self: ~Copyable {
  /// Nothing to do for stores without a connection.
  public mutating func reopen() async throws(SetupFailure) {}
  /// Nothing to do for stores without a connection.
  public consuming func close() async {}
}

/// What a strategy may know about the trial that it is configured for.
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

  /// Makes an environment; tests make their own.
  public init(
    options: Options, records: Records, workers: Int, endpoints: [String: String], namespace: String
  ) {
    self.options = options
    self.records = records
    self.workers = workers
    self.endpoints = endpoints
    self.namespace = namespace
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
}
