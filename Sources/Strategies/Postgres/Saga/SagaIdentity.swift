internal import Model

/// Which saga it is: the worker, its operation, and the attempt at it, in one number. The same for every delivery of its
/// steps, and another one for each attempt, which is a saga of its own.
struct SagaIdentity: Equatable, Sendable {
  /// As it is stored.
  let number: Int64

  private static let attemptBits: Int64 = 16
  private static let operationBits: Int64 = 30

  /// Attempts at one operation that are told apart.
  static let largestAttempt: Int64 = 1 << attemptBits - 1

  /// - Parameter attempt: from 0 to ``largestAttempt``.
  init(_ operation: OperationIdentity, attempt: Int64) {
    let own = operation.number & (1 << Self.operationBits - 1)
    number = Int64(operation.worker) << (Self.attemptBits + Self.operationBits) | own << Self.attemptBits | attempt
  }

  /// As it was stored.
  init(stored number: Int64) { self.number = number }

  /// The worker that began it.
  var worker: Int { Int(number >> (Self.attemptBits + Self.operationBits)) }

  /// The numbers of all sagas of a worker.
  static func numbers(ofWorker worker: Int) -> ClosedRange<Int64> {
    let first = Int64(worker) << (attemptBits + operationBits)
    return first...(first + (1 << (attemptBits + operationBits) - 1))
  }
}
