public import Model

/// One worker's way to run operations atomically.
///
/// The engine decides about retries: an attempt reports how it failed and leaves nothing behind (locks released,
/// transaction rolled back).
public protocol Strategy: WorkerSession, ~Copyable {
  /// Tries the operation once.
  ///
  /// Calls ``Attempt/enter()`` and ``Attempt/leave()`` around the critical section if there is one, and
  /// ``Attempt/hold()`` between reading and writing.
  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult
}

/// A lock service: keeps others away from a record, whatever store the record lives in.
public protocol LockClient: WorkerSession, ~Copyable {
  /// Waits for the lock of a record. `shared` allows other shared holders if the lock knows them.
  ///
  /// Throws when it was not granted; then it is not held.
  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure)
  /// Gives the lock back. A lock that was lost meanwhile is counted as ``Counter/expiredHolds``, not thrown.
  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure)
}

/// A store without any protection of its own: reads values, writes values.
public protocol StoreClient: WorkerSession, ~Copyable {
  /// Reads the records of all steps into the attempt's values.
  mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure)
  /// Writes the attempt's values to the records of all steps that are not reads. Throws
  /// ``AttemptFailure/ambiguous`` when the answer was lost.
  mutating func write(_ attempt: inout Attempt) async throws(AttemptFailure)
}
