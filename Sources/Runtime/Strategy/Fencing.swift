public import Model
internal import Synchronization

/// A lock that can number its grants: of two grants of a record's lock, the later one has the greater token.
///
/// When ``StrategyEnvironment/fence`` asks for tokens, ``LockClient/acquire(_:shared:_:)`` hands each over by
/// ``Attempt/granted(_:token:)``; a lock that has them for nothing does so always.
public protocol FencingLockClient: LockClient, ~Copyable {}

/// Records that remember the highest token that each has seen, and compare.
public protocol FencedStoreClient: WorkerSession, ~Copyable {
  /// Reads the records of all steps into the attempt's values, whatever the tokens.
  mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure)
  /// The same, and leaves the tokens of all steps in the records.
  ///
  /// - Throws: ``AttemptFailure/leaseLost`` when a record has seen a greater one.
  mutating func readRegistering(_ attempt: inout Attempt) async throws(AttemptFailure)
  /// Writes the attempt's values to the records of all steps that are not reads, and leaves the tokens of all steps in
  /// the records; all of it or nothing.
  ///
  /// - Throws: ``AttemptFailure/leaseLost`` when a record has seen a greater token, ``AttemptFailure/ambiguous`` when the
  ///   answer was lost.
  mutating func writeChecking(_ attempt: inout Attempt) async throws(AttemptFailure)
}

extension StrategyEnvironment {
  /// What the records do with the tokens of the lock.
  public var fence: Fence { options.fence }
}

extension Attempt {
  /// The fencing token of each step's lock; 0 where there is none.
  private var tokens: UnsafeMutablePointer<Int64> { values + Operation.maximumSteps }

  /// The lock of a record was granted with this token; 0 for a lock that is shared, whose holders have no order.
  public func granted(_ lock: Int32, token: Int64) {
    for index in 0..<operation.count where operation[index].lock == lock { tokens[index] = token }
    note(token: token)
  }

  /// The fencing token of the lock of a step; 0 when the lock gave none.
  public func token(_ step: Int) -> Int64 { tokens[step] }

  // MARK: the witness of effects

  /// Whether the change of a later holder has been acknowledged for a record that is to be written: what is sent from now
  /// on comes too late. Changes whose answers are under way are not seen, so that it never says so wrongly.
  ///
  /// - Parameter entered: when the critical section was entered, by which holders are told apart without a token.
  func isOvertaken(since entered: Int64) -> Bool {
    for index in 0..<operation.count where operation[index].writes {
      if records.effect(operation[index].key).pointee.load(ordering: .acquiring) > order(index, entered) { return true }
    }
    return false
  }

  /// The change was acknowledged.
  func noteEffect(since entered: Int64) {
    for index in 0..<operation.count where operation[index].writes {
      records.effect(operation[index].key).pointee.max(order(index, entered), ordering: .releasing)
    }
  }

  private func order(_ step: Int, _ entered: Int64) -> Int64 { token(step) == 0 ? entered : token(step) }
}
