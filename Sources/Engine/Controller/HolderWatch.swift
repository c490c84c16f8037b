internal import Runtime

/// Sees from outside who is inside a critical section.
///
/// Workers leave a mark on a record when they enter and none when they leave, which would cost them. That the mark is
/// theirs does not say that they are inside: it may be that of an operation before. But whoever was seen in an operation
/// without the mark, and is seen in the same operation with it, has entered in between and is inside, or has left a
/// moment ago and waits for the last answer. It takes an operation that lasts as long as two looks.
///
/// Nobody is seen that way where the lock goes back to whom it came from, before anybody else wakes up: the mark is there
/// already. And strategies that keep nobody out, which read, decide and write under a comparison, leave no mark at all.
/// For both there is a second best, asked for after a while: who has been in one operation for two looks, with nobody
/// else's mark on it.
struct HolderWatch {
  /// A worker and the operation in which it is inside.
  struct Holder {
    let worker: Int
    let position: WorkerPosition
    /// Whether there is a critical section that it is inside.
    var hasEntered = true
  }

  /// Looks after which the second best will do: 10 ms.
  private static let patience = 40

  /// By worker, the operation in which it was seen before it entered.
  private var outside: [Int: Int64] = [:]
  /// By worker, the operation in which it was seen last.
  private var last: [Int: Int64] = [:]
  /// Looks for a holder without success, since somebody has been in an operation.
  private var misses = 0
  /// Workers that have died, with the number of their operation: the marks that they have left are not those of who takes
  /// their place. Until somebody else has entered, or the next operation of theirs is over.
  private var departed: [Int: Int64] = [:]

  /// Workers have died; to be told before what they had begun is settled.
  mutating func forget(_ workers: Range<Int>, _ memory: TrialMemory) {
    for worker in workers { departed[worker] = memory.position(ofWorker: worker).operation ?? last[worker] ?? 0 }
  }

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
    var secondBest: Holder?
    var isAnybodyAtWork = false
    for worker in 0..<memory.layout.workers {
      let position = memory.position(ofWorker: worker)
      guard let operation = position.operation else { continue }
      isAnybodyAtWork = true
      if !position.enteredLast {
        outside[worker] = operation
        departed[worker] = nil
      }
      if let death = departed[worker], operation > death + 1 { departed[worker] = nil }
      if departed[worker] == nil, isWanted(worker) {
        if position.enteredLast, found == nil, outside[worker] == operation {
          found = Holder(worker: worker, position: position)
        }
        let isAlone = position.enteredLast || !memory.keys(ofWorker: worker).contains(where: memory.wasEntered)
        if secondBest == nil, last[worker] == operation, isAlone {
          secondBest = Holder(worker: worker, position: position, hasEntered: position.enteredLast)
        }
      }
      last[worker] = operation
    }
    // Workers that sleep until a tick are not looked at in vain: when they wake, whoever entered last is outside again.
    misses = found == nil && isAnybodyAtWork ? misses + 1 : 0
    return found ?? (misses > Self.patience ? secondBest : nil)
  }
}
