internal import Model

/// Something that happens at one moment of a history; the number is the position among operations or faults.
enum HistoryEvent {
  case invoke(Int)
  case end(Int)
  case fault(Int)

  /// All events sorted by time.
  ///
  /// At one moment whoever begins comes before those who end: that the two overlap is all that their times allow to say.
  /// An exception is a process that ends an operation and begins the next: its own order counts.
  static func all(of history: History) -> [HistoryEvent] {
    var events: [(time: Int64, rank: Int, event: HistoryEvent)] = []
    events.reserveCapacity(2 * history.operations.count + history.faults.count)
    var lastEnd: [Int: Int64] = [:]
    let operations = history.operations
    for index in operations.indices.sorted(by: { operations[$0].invoke < operations[$1].invoke }) {
      let operation = operations[index]
      let followsAtOnce = lastEnd[operation.process] == operation.invoke
      events.append((operation.invoke, followsAtOnce ? 2 : 0, .invoke(index)))
      if let end = operation.end {
        // One that begins and ends at the moment at which the one before it ended.
        events.append((end, followsAtOnce && end == operation.invoke ? 3 : 1, .end(index)))
        lastEnd[operation.process] = end
      }
    }
    for (index, fault) in history.faults.enumerated() { events.append((fault.moment, 0, .fault(index))) }
    return events.sorted { ($0.time, $0.rank) < ($1.time, $1.rank) }.map(\.event)
  }
}
