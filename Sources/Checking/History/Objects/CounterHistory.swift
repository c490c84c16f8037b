public import Model

/// A counter by returned values: additions of one amount, each of which returns the new value, and reads.
///
/// No two additions return the same value; in the order of the values, none ended before a lower one began; a value that
/// no addition returned belongs to one of whom nobody knows, and there are not more of those. Where additions return
/// nothing, the same is said by the reads: a read sees every addition that had ended, and none that had not begun.
/// Exact where every addition returned its value; else every finding holds, but a wrong history may pass.
public struct CounterHistory: HistoryChecker {
  /// Nothing to state.
  public init() {}

  /// `counter`.
  public var name: String { "counter" }
  /// Additions.
  public var summary: String { "Additions of one amount count each once, in the order of time." }

  /// Judges every record by itself.
  public func check(_ history: History) -> HistoryJudgement {
    var findings = Findings()
    var examined = 0
    var remark: String?
    for key in KeyHistory.all(of: history) {
      guard let counter = CounterOfOneKey(key, history) else {
        remark = "record \(key.key) is no counter: all its operations must add the same positive amount, or read"
        continue
      }
      examined += key.operations.count
      counter.find(&findings)
    }
    return HistoryJudgement(name, examined: examined, findings, of: history, unknown: remark)
  }

  /// Whether a history has nothing but counters.
  static func judges(_ keys: [KeyHistory], _ history: History) -> Bool {
    keys.contains { !$0.operations.isEmpty && !$0.operations.allSatisfy(\.onlyReads) }
      && keys.allSatisfy { CounterOfOneKey($0, history) != nil }
  }
}

/// One record.
private struct CounterOfOneKey {
  private let key: KeyHistory
  private let history: History
  private let initial: Int64
  private let amount: Int64
  /// Those whose place is known, by how many additions precede them.
  private var ranked: [RankedOrder.Ranked] = []
  /// Additions whose new value is not known.
  private var unplaced: [KeyOperation] = []
  /// Values that no number of additions makes.
  private var impossible: [(operation: KeyOperation, value: Int64)] = []

  /// Nil when it is no counter.
  init?(_ key: KeyHistory, _ history: History) {
    self.key = key
    self.history = history
    initial = history.header.initialValue(of: key.key) ?? 0
    var amount: Int64?
    for operation in key.operations {
      guard operation.actions.count == 1 else { return nil }
      switch operation.actions[0] {
      case .read: continue
      case .add(let added, _) where added > 0 && added == amount ?? added: amount = added
      default: return nil
      }
    }
    self.amount = amount ?? 1
    for operation in key.operations { place(operation) }
  }

  private mutating func place(_ operation: KeyOperation) {
    let value: Int64
    var isChange = true
    switch operation.actions[0] {
    case .add(_, let result?) where operation.isCertain: value = result
    case .read(let seen): (value, isChange) = (seen ?? initial, false)
    default: return unplaced.append(operation)
    }
    let (distance, isTooFar) = value.subtractingReportingOverflow(initial)
    guard !isTooFar, distance % amount == 0, distance >= (isChange ? amount : 0) else {
      return impossible.append((operation, value))
    }
    ranked.append(RankedOrder.Ranked(operation: operation, rank: distance / amount, isChange: isChange))
  }

  private var words: HistoryWords { HistoryWords(history) }

  private func text(_ operation: KeyOperation) -> String {
    "\(words.place(history.operations[operation.index])) \(HistoryWords.action(operation.actions[0]))"
  }

  func find(_ findings: inout Findings) {
    // A missing operation may have added another amount.
    for (operation, value) in impossible where history.dropped == 0 {
      findings.add(.unexplainedValue, key: Int(key.key), count: 1) {
        ("\(initial) and a multiple of \(amount)", "\(value)", "\(text(operation)), which no number of additions makes")
      }
    }
    let order = RankedOrder(ranked)
    for (first, second) in zip(order.sorted, order.sorted.dropFirst())
    where first.isChange && second.isChange && first.rank == second.rank {
      findings.add(.duplicateValue, key: Int(key.key), count: 1) {
        (
          "every new value once", "\(initial + first.rank * amount) twice",
          "\(text(first.operation)), and so did \(words.place(history.operations[second.operation.index])): one addition "
            + "overwrote the other"
        )
      }
    }
    order.forEachContradiction { higher, lower in
      findings.add(.realTimeOrder, key: Int(key.key), count: 1) {
        (
          "values in the order of time", "a higher value before a lower one",
          "\(text(higher.operation)) and had ended when \(text(lower.operation))"
        )
      }
    }
    // Missing operations may be those that nobody knows of.
    if history.dropped == 0 { findGaps(order, &findings) }
    findForgotten(order, &findings)
  }

  /// Values that no addition returned need an addition of whom nobody knows, which had begun by then.
  private func findGaps(_ order: RankedOrder, _ findings: inout Findings) {
    let begun = unplaced.map(\.invoke).sorted()
    let gaps = gapsBelow(order)
    // The least end among those at this place and after it: by then everything below had taken effect.
    var deadline = Int64.max
    var worst: (position: Int, missing: Int64)?
    for position in order.sorted.indices.reversed() {
      deadline = min(deadline, order.sorted[position].operation.end)
      let available = Int64(begun.partitioningIndex { $0 > deadline })
      if gaps[position] > available { worst = (position, gaps[position] - available) }
    }
    guard let (position, missing) = worst else { return }
    findings.add(.unexplainedValue, key: Int(key.key), count: missing) {
      (
        "an addition for every value", "\(missing) values that nobody can have added",
        "\(text(order.sorted[position].operation)), but of the additions that had begun by then, and did not fail, "
          + "\(missing) too few make this value"
      )
    }
  }

  /// Additions that had ended must be counted by whoever begins later.
  private func findForgotten(_ order: RankedOrder, _ findings: inout Findings) {
    let ended = unplaced.filter(\.isCertain).map(\.end).sorted()
    guard !ended.isEmpty else { return }
    let gaps = gapsBelow(order)
    for position in order.sorted.indices {
      let invoke = order.sorted[position].operation.invoke
      let over = Int64(ended.partitioningIndex { $0 >= invoke })
      if over > gaps[position] {
        findings.add(.lostUpdate, key: Int(key.key), count: over - gaps[position]) {
          (
            "every addition that had ended", "\(over - gaps[position]) less",
            "\(text(order.sorted[position].operation)), although additions that had ended before make more"
          )
        }
      }
    }
  }

  /// For each place, how many additions of the values up to it are not among those with known values.
  private func gapsBelow(_ order: RankedOrder) -> [Int64] {
    var known: Int64 = 0
    var lastRank: Int64 = 0
    return order.sorted.map { ranked in
      if ranked.isChange && ranked.rank != lastRank {
        known += 1
        lastRank = ranked.rank
      }
      return ranked.rank - known
    }
  }
}

extension Array where Element == Int64 {
  /// The first position from which on `belongsBehind` holds; the array is sorted by it.
  fileprivate func partitioningIndex(_ belongsBehind: (Int64) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if belongsBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
