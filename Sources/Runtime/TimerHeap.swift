/// Continuations by deadline: a binary heap, because a thousand workers may back off at once.
struct TimerHeap {
  private var entries: [(deadline: Int64, continuation: UnsafeContinuation<Void, Never>)] = []

  /// The earliest deadline.
  var nextDeadline: Int64? { entries.first?.deadline }

  mutating func insert(deadline: Int64, _ continuation: UnsafeContinuation<Void, Never>) {
    entries.append((deadline, continuation))
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if entries[parent].deadline <= entries[child].deadline { break }
      entries.swapAt(parent, child)
      child = parent
    }
  }

  /// Resumes everything that is due.
  mutating func fire(until now: Int64) {
    while let first = entries.first, first.deadline <= now {
      removeFirst()
      first.continuation.resume()
    }
  }

  private mutating func removeFirst() {
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    var parent = 0
    while true {
      let left = 2 * parent + 1
      guard left < entries.count else { return }
      let right = left + 1
      let least = right < entries.count && entries[right].deadline < entries[left].deadline ? right : left
      if entries[parent].deadline <= entries[least].deadline { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
