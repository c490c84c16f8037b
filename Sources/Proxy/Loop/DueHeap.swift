/// What is to be sent when: a binary heap. An entry that is no longer valid stays until it is due.
struct DueHeap {
  struct Entry {
    let due: Int64
    let flow: Flow
    let connection: Connection
  }
  private var entries: [Entry] = []

  /// The earliest moment.
  var next: Int64? { entries.first?.due }

  mutating func insert(_ due: Int64, _ flow: Flow, _ connection: Connection) {
    entries.append(Entry(due: due, flow: flow, connection: connection))
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if entries[parent].due <= entries[child].due { break }
      entries.swapAt(parent, child)
      child = parent
    }
  }

  /// Takes the first entry when it is due.
  mutating func take(until now: Int64) -> Entry? {
    guard let first = entries.first, first.due <= now else { return nil }
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    var parent = 0
    while true {
      let left = 2 * parent + 1
      guard left < entries.count else { return first }
      let right = left + 1
      let least = right < entries.count && entries[right].due < entries[left].due ? right : left
      if entries[parent].due <= entries[least].due { return first }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
