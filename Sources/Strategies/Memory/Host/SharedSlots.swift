@preconcurrency internal import Glibc
internal import Model
internal import Runtime
internal import Synchronization

/// Locks in the shared memory of a trial, one beside each record; made once, by the process that comes first.
public struct SharedSlots<Lock>: @unchecked Sendable {  // because locks are made for sharing
  private let records: Records

  /// Where the lock's own bytes end and the word begins that says whether it is made.
  private static var stateOffset: Int { 56 }

  /// - Parameter make: makes a lock in zeroed memory.
  /// - Throws: when another process has begun to make a lock and does not end.
  init(_ records: Records, make: (UnsafeMutablePointer<Lock>) -> Void) throws(SetupFailure) {
    precondition(MemoryLayout<Lock>.size <= Self.stateOffset)
    self.records = records
    for key in 0..<Int32(records.count) {
      let state = records.spare(key).advanced(by: Self.stateOffset).assumingMemoryBound(to: Atomic<Int64>.self)
      let (isOurs, _) = state.pointee.compareExchange(
        expected: SlotState.unmade, desired: SlotState.beingMade, ordering: .acquiringAndReleasing)
      if isOurs {
        make(self[key])
        state.pointee.store(SlotState.made, ordering: .releasing)
      } else {
        try Self.wait(for: state)
      }
    }
  }

  private static func wait(for state: UnsafeMutablePointer<Atomic<Int64>>) throws(SetupFailure) {
    let deadline = monotonicNow() + 10_000_000_000
    while state.pointee.load(ordering: .acquiring) != SlotState.made {
      if monotonicNow() > deadline { throw SetupFailure("a worker process did not finish making its locks") }
      sched_yield()
    }
  }

  /// The lock of a record; valid as long as the trial's memory.
  @inline(__always) subscript(key: Int32) -> UnsafeMutablePointer<Lock> {
    records.spare(key).assumingMemoryBound(to: Lock.self)
  }
}

private enum SlotState {
  static let unmade: Int64 = 0
  static let beingMade: Int64 = 1
  static let made: Int64 = 2
}
