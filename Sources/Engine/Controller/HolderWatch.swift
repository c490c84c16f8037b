internal import Runtime

/// Sees from outside who is inside a critical section.
///
/// Workers leave a mark on a record when they enter and none when they leave, which would cost them. That the mark is
/// theirs does not say that they are inside: it may be that of an operation before. But whoever was seen in an operation
/// without the mark, and is seen in the same operation with it, has entered in between and is inside, or has left a
/// moment ago and waits for the last answer. It takes an operation that lasts as long as two looks.
struct HolderWatch {
  /// A worker and the operation in which it is inside.
  struct Holder {
    let worker: Int
    let position: WorkerPosition
  }

  /// By worker, the operation in which it was seen before it entered.
  private var outside: [Int: Int64] = [:]

  /// The workers whose mark is on the records of their operation.
  func holders(_ memory: TrialMemory) -> [Int] {
    (0..<memory.layout.workers).filter {
      let position = memory.position(ofWorker: $0)
      return position.operation != nil && position.enteredLast
    }
  }

  /// Looks at all workers; the first of those asked for that has been in one operation since the last look and has not
  /// entered, if any.
  mutating func waiter(_ memory: TrialMemory, where isWanted: (Int) -> Bool) -> Holder? {
    var found: Holder?
    for worker in 0..<memory.layout.workers {
      let position = memory.position(ofWorker: worker)
      guard let operation = position.operation, !position.enteredLast else { continue }
      if found == nil, outside[worker] == operation, isWanted(worker) {
        found = Holder(worker: worker, position: position)
      }
      outside[worker] = operation
    }
    return found
  }

  /// Looks at all workers; the first of those asked for that is inside, if any.
  mutating func holder(_ memory: TrialMemory, where isWanted: (Int) -> Bool) -> Holder? {
    var found: Holder?
    for worker in 0..<memory.layout.workers {
      let position = memory.position(ofWorker: worker)
      guard let operation = position.operation else { continue }
      if !position.enteredLast {
        outside[worker] = operation
      } else if found == nil, outside[worker] == operation, isWanted(worker) {
        found = Holder(worker: worker, position: position)
      }
    }
    return found
  }
}
