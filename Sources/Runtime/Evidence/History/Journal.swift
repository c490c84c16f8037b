internal import Model

/// Where a worker writes its operations down, when a history is kept.
///
/// One pointer, so that an attempt can carry it; what it points to belongs to the ``Scratch`` of the worker. Used on the
/// worker's thread, or on one that works for it while it waits.
@usableFromInline struct Journal: @unchecked Sendable {  // because only its worker uses it
  private struct State {
    let ring: HistoryRing
    let worker: Int64
    let slot: UnsafeMutablePointer<Int64>
  }

  private let state: UnsafeMutablePointer<State>

  init(_ ring: HistoryRing, worker: Int, slot: UnsafeMutablePointer<Int64>) {
    state = .allocate(capacity: 1)
    state.initialize(to: State(ring: ring, worker: Int64(worker), slot: slot))
  }

  func deallocate() { state.deallocate() }

  /// Waits until there is room for an operation. Before the clock is read.
  func makeRoom() { state.pointee.ring.makeRoom() }

  /// Adds an entry to the operation that was announced last.
  func append(_ kind: HistoryRecord.Kind, detail: Int = 0, _ value: Int64 = 0, at moment: Int64) {
    state.pointee.ring.append(
      HistoryRecord(
        kind, detail: UInt8(truncatingIfNeeded: detail), worker: state.pointee.worker, at: moment,
        operation: state.pointee.slot[WorkerSlot.announced], value: value))
  }

  /// Adds how an operation has ended, with everything that is known of it by then.
  ///
  /// - Parameter failures: attempts that failed, by class.
  func ended(
    _ attempt: borrowing Attempt, _ ending: Ending, failures: UnsafeMutablePointer<Int64>, at moment: Int64
  ) {
    let outcome = ending.outcome
    let attempts = ending.attempts &+ attempt.conflicts
    if attempts > 1 { append(.attempts, Int64(attempts), at: moment) }
    if outcome.rawValue > Outcome.refused.rawValue {
      for failure in AttemptFailure.allCases where failures[Int(failure.rawValue)] > 0 {
        append(.failure, detail: Int(failure.rawValue), failures[Int(failure.rawValue)], at: moment)
      }
    }
    var step = 1
    while step < attempt.operation.count {
      append(.value, detail: step, attempt.values[step], at: moment)
      step += 1
    }
    append(.ended, detail: Int(outcome.rawValue), attempt.values[0], at: moment)
  }
}
