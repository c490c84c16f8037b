public import Model
public import Runtime
internal import Synchronization

/// The memory store with a fence: a word beside each value keeps the highest token that the record has seen.
///
/// Value and token are compared and stored under a robust mutex of the record, for as long as that takes and no longer.
public struct FencedMemoryRecords: FencedStoreClient, ~Copyable {
  private let records: Records
  private var latch: RobustMutexLock

  /// What the workers of a process share.
  public struct Configuration: Sendable {
    let records: Records
    let latch: RobustMutexLock.Configuration
  }

  /// Makes the mutexes.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(records: environment.records, latch: try RobustMutexLock.configure(environment))
  }

  /// Nothing to connect to.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> FencedMemoryRecords {
    FencedMemoryRecords(records: configuration.records, latch: try RobustMutexLock.open(configuration.latch, worker))
  }

  /// Loads the value of each step.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) { records.load(attempt) }

  /// Loads the value of each step, and leaves its token.
  public mutating func readRegistering(_ attempt: inout Attempt) async throws(AttemptFailure) {
    hold(attempt.operation)
    let isAllowed = register(attempt)
    if isAllowed { records.load(attempt) }
    release(attempt.operation)
    if !isAllowed { throw .leaseLost }
  }

  /// Stores the value of each step that changes something, and leaves the tokens.
  public mutating func writeChecking(_ attempt: inout Attempt) async throws(AttemptFailure) {
    hold(attempt.operation)
    let isAllowed = register(attempt)
    if isAllowed { records.store(attempt) }
    release(attempt.operation)
    if !isAllowed { throw .leaseLost }
  }

  /// Whether no record has seen a greater token; then all have ours.
  private func register(_ attempt: Attempt) -> Bool {
    let operation = attempt.operation
    for index in 0..<operation.count
    where records.fence(operation[index].key).pointee.load(ordering: .relaxed) > attempt.token(index) { return false }
    for index in 0..<operation.count {
      records.fence(operation[index].key).pointee.store(attempt.token(index), ordering: .relaxed)
    }
    return true
  }

  /// Takes the mutexes in the order of the records, in which those of an operation may not come.
  private mutating func hold(_ operation: Operation) {
    var last: Int32 = -1
    while let next = Self.record(after: last, operation) {
      latch.acquire(next, shared: false)
      last = next
    }
  }

  private mutating func release(_ operation: Operation) {
    var last: Int32 = -1
    while let next = Self.record(after: last, operation) {
      latch.release(next, shared: false)
      last = next
    }
  }

  /// The next higher record of an operation.
  private static func record(after last: Int32, _ operation: Operation) -> Int32? {
    var next: Int32?
    for index in 0..<operation.count {
      let key = operation[index].key
      if key > last, key < next ?? .max { next = key }
    }
    return next
  }
}
