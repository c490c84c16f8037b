/// What is due when: a binary heap, because a thousand workers may back off at once.
struct TimerHeap {
  /// Who waits for a deadline.
  enum Waiter {
    /// A task that sleeps.
    case sleeper(UnsafeContinuation<Void, Never>)
    /// A task that waits for a descriptor, but no longer than this.
    case readiness(Readiness)
    /// Nobody waits; something is to be done again and again.
    case heartbeat(Heartbeat)
  }

  private var entries: [(deadline: Int64, waiter: Waiter)] = []

  /// The earliest deadline.
  var nextDeadline: Int64? { entries.first?.deadline }

  mutating func insert(deadline: Int64, _ waiter: Waiter) {
    entries.append((deadline, waiter))
    moveUp(from: entries.count - 1)
  }

  private mutating func moveUp(from start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      if entries[parent].deadline <= entries[child].deadline { break }
      entries.swapAt(parent, child)
      child = parent
    }
  }

  /// Resumes everything that is due.
  ///
  /// - Returns: the heartbeats that are due; the next time of each is set already.
  mutating func fire(until now: Int64) -> [Heartbeat] {
    var beating: [Heartbeat] = []
    while let first = entries.first, first.deadline <= now {
      remove(at: 0)
      switch first.waiter {
      case .sleeper(let continuation): continuation.resume()
      case .readiness(let readiness): readiness.expire()
      case .heartbeat(let heartbeat):
        insert(deadline: now &+ heartbeat.period, .heartbeat(heartbeat))
        beating.append(heartbeat)
      }
    }
    return beating
  }

  /// Forgets the deadline of a descriptor that became ready in time. Looks at every entry: for what happens rarely.
  mutating func remove(_ readiness: Readiness) {
    let index = entries.firstIndex {
      guard case .readiness(let other) = $0.waiter else { return false }
      return other === readiness
    }
    if let index { remove(at: index) }
  }

  /// Forgets a heartbeat.
  mutating func remove(_ heartbeat: Heartbeat) {
    let index = entries.firstIndex {
      guard case .heartbeat(let other) = $0.waiter else { return false }
      return other === heartbeat
    }
    if let index { remove(at: index) }
  }

  private mutating func remove(at index: Int) {
    entries.swapAt(index, entries.count - 1)
    entries.removeLast()
    guard index < entries.count else { return }
    moveUp(from: index)
    moveDown(from: index)
  }

  private mutating func moveDown(from start: Int) {
    var parent = start
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
