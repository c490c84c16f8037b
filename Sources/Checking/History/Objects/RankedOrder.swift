internal import Model

/// Operations of one record in the order that their values or versions state: compared with their order in time.
struct RankedOrder {
  /// An operation and its place: a change comes before those that saw what it made.
  struct Ranked {
    let operation: KeyOperation
    let rank: Int64
    let isChange: Bool
  }

  /// By rank, changes first.
  let sorted: [Ranked]

  init(_ operations: [Ranked]) {
    sorted = operations.sorted {
      $0.rank != $1.rank
        ? $0.rank < $1.rank
        : $0.isChange != $1.isChange ? $0.isChange : $0.operation.invoke < $1.operation.invoke
    }
  }

  /// Calls `report` with operations that ended before one of a lower rank began: the later one in rank, then the other.
  func forEachContradiction(_ report: (_ higher: Ranked, _ lower: Ranked) -> Void) {
    var latest: Ranked?
    var start = 0
    while start < sorted.count {
      // Those that see the same state have no order among themselves.
      var end = start + 1
      if !sorted[start].isChange {
        while end < sorted.count, sorted[end].rank == sorted[start].rank { end += 1 }
      }
      for ranked in sorted[start..<end] {
        if let latest, ranked.operation.end < latest.operation.invoke { report(ranked, latest) }
      }
      for ranked in sorted[start..<end] where latest.map({ $0.operation.invoke < ranked.operation.invoke }) ?? true {
        latest = ranked
      }
      start = end
    }
  }
}
