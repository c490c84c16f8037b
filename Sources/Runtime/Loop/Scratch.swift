internal import Model

/// The small arrays of one worker, allocated once.
struct Scratch: ~Copyable {
  /// One value per step of the operation; behind them one fencing token per step (``Attempt/token(_:)``).
  let values = Scratch.zeros(2 * Operation.maximumSteps)
  /// Failed attempts of the operation by class.
  let failures = Scratch.zeros(AttemptFailure.allCases.count)
  /// Nil when no history is kept.
  let journal: Journal?

  /// - Parameter journal: belongs to the scratch from then on.
  init(journal: Journal? = nil) { self.journal = journal }

  private static func zeros(_ count: Int) -> UnsafeMutablePointer<Int64> {
    let words = UnsafeMutablePointer<Int64>.allocate(capacity: count)
    words.initialize(repeating: 0, count: count)
    return words
  }

  deinit {
    values.deallocate()
    failures.deallocate()
    journal?.deallocate()
  }
}
