internal import Model
internal import Synchronization

/// Where a worker is, as far as the shared memory tells somebody who looks from outside.
public struct WorkerPosition: Sendable, Equatable {
  /// The number of the operation that it is in, from 1; nil between two operations.
  public let operation: Int64?
  /// Whether nobody has entered the critical sections of that operation after it. It may have done so in an earlier
  /// operation; operations that only read never do.
  public let enteredLast: Bool
}

extension TrialMemory {
  /// The records of the operation that a worker has announced last.
  public func keys(ofWorker index: Int) -> [Int32] {
    let slot = UnsafeMutableRawPointer(worker(index)).assumingMemoryBound(to: Atomic<Int64>.self)
    let announced = slot[WorkerSlot.announced].load(ordering: .acquiring)
    let block = thread(Int(worker(index)[WorkerSlot.thread]))
    let operation = Operation(block.ring.entry(WorkerSlot.entry(of: announced)), token: Int64(index) + 1)
    return (0..<operation.count).map { operation[$0].key }
  }

  /// The worker that entered the critical section of a record last; nil when nobody has.
  public func lastToEnter(_ key: Int32) -> Int? {
    let mark = records.mark(key).pointee.load(ordering: .acquiring)
    return mark > 0 ? Int(mark) - 1 : nil
  }

  /// Whether anybody has ever entered the critical section of a record.
  public func wasEntered(_ key: Int32) -> Bool { records.mark(key).pointee.load(ordering: .acquiring) != 0 }

  /// Where a worker is at this moment. Costs the worker nothing.
  public func position(ofWorker index: Int) -> WorkerPosition {
    guard let (number, operation) = inFlight(ofWorker: index) else {
      return WorkerPosition(operation: nil, enteredLast: false)
    }
    let entered =
      !operation.isReadOnly
      && (0..<operation.count).allSatisfy {
        records.mark(operation[$0].key).pointee.load(ordering: .acquiring) == operation.token
      }
    return WorkerPosition(operation: number, enteredLast: entered)
  }

  /// The operation that a worker is in, with its number from 1; nil between two operations.
  func inFlight(ofWorker index: Int) -> (number: Int64, operation: Operation)? {
    let slot = UnsafeMutableRawPointer(worker(index)).assumingMemoryBound(to: Atomic<Int64>.self)
    let announced = slot[WorkerSlot.announced].load(ordering: .acquiring)
    let number = WorkerSlot.number(of: announced)
    if number == slot[WorkerSlot.ended].load(ordering: .acquiring) { return nil }
    let block = thread(Int(worker(index)[WorkerSlot.thread]))
    return (number, Operation(block.ring.entry(WorkerSlot.entry(of: announced)), token: Int64(index) + 1))
  }
}
