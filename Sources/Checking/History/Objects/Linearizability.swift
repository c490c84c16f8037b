public import Model

/// Registers, compare-and-set registers, counters and locks by search: is there an order of the operations that agrees
/// with time and that the object allows? Each record by itself.
public struct Linearizability: HistoryChecker {
  /// Steps of the search over all records: these take 5 to 7 s, and 0.2 GB of memory.
  public static let defaultBudget = 20_000_000
  private let budget: Int
  private let locks: Bool

  /// - Parameters:
  ///   - budget: steps that the search may take; when they are used up the verdict is unknown.
  ///   - locks: judges acquires and releases instead of records. Any process may give a lock back.
  public init(budget: Int = defaultBudget, locks: Bool = false) {
    self.budget = budget
    self.locks = locks
  }

  /// `linearizable`, or `mutex`.
  public var name: String { locks ? "mutex" : "linearizable" }
  /// Orders.
  public var summary: String {
    locks
      ? "Acquires and releases have an order that agrees with time, whoever releases."
      : "Operations on each record have an order that agrees with time and explains what they returned."
  }

  /// Searches an order for each record.
  public func check(_ history: History) -> HistoryJudgement {
    var findings = Findings()
    var examined = 0
    var left = budget
    var remark: String?
    // A missing operation may be what explains the others.
    if history.dropped != 0 { return HistoryJudgement(name, examined: 0, findings, of: history) }
    for key in locks ? KeyHistory.locks(of: history) : KeyHistory.all(of: history) {
      examined += key.operations.count
      var search = LinearizabilitySearch(key.operations)
      switch search.search(from: locks ? nil : history.header.initialValue(of: key.key), budget: &left) {
      case .linearizable: continue
      case .undecided:
        remark =
          "the search took \(budget) steps and found neither an order nor that there is none for record \(key.key); "
          + "record fewer clients or less time, or allow more steps with --budget"
      case .notLinearizable(let prefix, let state, let blocked):
        report(key, prefix, state, blocked, history, &findings)
      }
      if left < 0 { break }
    }
    return HistoryJudgement(name, examined: examined, findings, of: history, unknown: remark)
  }

  private func report(
    _ key: KeyHistory, _ prefix: [Int], _ state: Int64?, _ blocked: Int, _ history: History,
    _ findings: inout Findings
  ) {
    let words = HistoryWords(history)
    let text = { (index: Int) in
      let actions = history.operations[index].accesses.filter { $0.key == key.key }
        .map { HistoryWords.action($0.action, isKnown: history.operations[index].ending == .ok) }
      return "\(words.place(history.operations[index])) \(actions.joined(separator: " and "))"
    }
    findings.add(.notLinearizable, key: Int(key.key), count: 1) {
      let value = locks ? (state == nil ? "free" : "held") : HistoryWords.value(state)
      let before =
        prefix.isEmpty
        ? "" : " The longest order that fits ends with: \(prefix.suffix(4).map(text).joined(separator: "; "))."
      return (
        "an order that agrees with time", "no order",
        "\(text(blocked)), which fits nowhere: the record is \(value) after the \(prefix.count) operations that can be "
          + "put in order before it.\(before)"
      )
    }
  }
}
