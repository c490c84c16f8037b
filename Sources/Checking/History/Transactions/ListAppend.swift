public import Model

/// Transactions over lists to which elements are appended, each once: what a read saw tells in which order they came, so
/// that dependencies follow from it and a circle of them proves an anomaly.
///
/// The order of a list is that of its longest read; an acknowledged append that no read saw came after all of it. The
/// method is Elle's (Kingsbury and Alvaro, VLDB 2020). The order in time is not used: what is found contradicts
/// serializability itself, or the weaker level that is asked for.
public struct ListAppend: HistoryChecker {
  private let isolation: Isolation

  /// - Parameter isolation: what the database promises.
  public init(_ isolation: Isolation = .serializable) { self.isolation = isolation }

  /// `list-append`.
  public var name: String { "list-append" }
  /// Isolation.
  public var summary: String {
    "Transactions that append to lists and read them have no anomaly that their isolation forbids."
  }

  /// Looks for wrong reads and for circles.
  public func check(_ history: History) -> HistoryJudgement {
    var findings = TransactionFindings(history, isolation)
    let lists: AppendedLists
    switch AppendedLists.of(history) {
    case .success(let found): lists = found
    case .failure(let reason):
      return HistoryJudgement(name, examined: 0, Findings(), of: history, unknown: reason.message)
    }
    let reads = lists.reads(in: history, &findings)
    for read in reads { lists.judge(read, history, &findings) }
    findings.add(lists.dependencies(reads, history, &findings))
    let examined = history.operations.count { $0.ending == .ok && !$0.accesses.isEmpty }
    return HistoryJudgement(
      name, examined: examined, findings.findings, of: history, notes: findings.notes, allowed: findings.allowed)
  }
}

/// What one transaction saw of one list when it first looked.
struct ListRead {
  let transaction: Int
  let key: Int64
  let elements: [Int64]
  /// How many of the elements, from the first, are not those that the transaction had appended itself before.
  let foreignCount: Int
}

/// Who appended what.
struct AppendedLists {
  struct Element: Hashable {
    let key: Int64
    let value: Int64
  }

  struct Refusal: Error {
    let message: String
  }

  /// Which transaction appended an element.
  private(set) var writer: [Element: Int] = [:]
  /// The last element that a transaction appended to a list.
  private var last: [Element] = []
  private var finals: Set<Element> = []

  /// Refuses an element that is appended twice: nothing would follow from reading it.
  static func of(_ history: History) -> Result<AppendedLists, Refusal> {
    var lists = AppendedLists()
    for (index, transaction) in history.operations.enumerated() {
      var lastOfKey: [Int64: Element] = [:]
      for access in transaction.accesses {
        switch access.action {
        case .append(let value):
          let element = Element(key: access.key, value: value)
          if lists.writer.updateValue(index, forKey: element) != nil {
            return .failure(
              Refusal(message: "element \(value) is appended twice to record \(access.key): each must be unique"))
          }
          lastOfKey[access.key] = element
        case .list: continue
        default: return .failure(Refusal(message: "record \(access.key) is used as something else than a list"))
        }
      }
      lists.finals.formUnion(lastOfKey.values)
    }
    return .success(lists)
  }

  /// The first read of each list by each transaction that took effect; later ones are compared with it.
  func reads(in history: History, _ findings: inout TransactionFindings) -> [ListRead] {
    let words = HistoryWords(history)
    var reads: [ListRead] = []
    for (index, transaction) in history.operations.enumerated() where transaction.ending == .ok {
      // What the transaction must see, as far as it is known.
      var known: [Int64: [Int64]] = [:]
      var own: [Int64: [Int64]] = [:]
      for access in transaction.accesses {
        if case .append(let value) = access.action {
          known[access.key]?.append(value)
          own[access.key, default: []].append(value)
        }
        guard case .list(let elements) = access.action else { continue }
        let appended = own[access.key] ?? []
        if known[access.key].map({ $0 != elements }) ?? !elements.hasSuffix(appended) {
          findings.add(.internalInconsistency, key: access.key) {
            let expected =
              known[access.key].map { "[\($0.map { "\($0)" }.joined(separator: " "))]" } ?? "its own appends last"
            return (
              expected, HistoryWords.action(access.action),
              "\(words.place(index)) \(HistoryWords.action(access.action)) in record \(access.key), although by what "
                + "it had read and appended before it should be \(expected)"
            )
          }
        }
        if let early = elements.first(where: { isOf(index, access.key, $0) && !appended.contains($0) }) {
          findings.add(.unexplainedValue, key: access.key) {
            (
              "elements that were appended before", "\(early)",
              "\(words.place(index)) \(HistoryWords.action(access.action)) in record \(access.key), before it appended "
                + "\(early) itself"
            )
          }
        }
        if known[access.key] == nil {
          reads.append(
            ListRead(
              transaction: index, key: access.key, elements: elements,
              foreignCount: elements.count - (elements.hasSuffix(appended) ? appended.count : 0)))
        }
        known[access.key] = elements
      }
    }
    return reads
  }

  private func isOf(_ transaction: Int, _ key: Int64, _ value: Int64) -> Bool {
    writer[Element(key: key, value: value)] == transaction
  }

  /// Judges the elements of a read by themselves.
  func judge(_ read: ListRead, _ history: History, _ findings: inout TransactionFindings) {
    let words = HistoryWords(history)
    let text = "\(words.place(read.transaction)) \(HistoryWords.action(.list(read.elements))) in record \(read.key)"
    var seen: Set<Int64> = []
    for value in read.elements {
      if !seen.insert(value).inserted {
        findings.add(.duplicateElement, key: read.key) { ("every element once", "\(value) twice", text) }
      }
      let element = Element(key: read.key, value: value)
      guard let author = writer[element] else {
        // A missing operation may have appended it.
        if history.dropped == 0 {
          findings.add(.unexplainedValue, key: read.key) {
            ("elements that were appended", "\(value)", "\(text), but nobody appended \(value)")
          }
        }
        continue
      }
      if history.operations[author].ending == .fail {
        findings.add(.abortedRead, key: read.key) {
          (
            "no element of a transaction that failed", "\(value)",
            "\(text), but \(value) is of \(words.place(author)), which failed"
          )
        }
      }
    }
    guard let value = read.elements.last, case let element = Element(key: read.key, value: value),
      let author = writer[element], author != read.transaction, !finals.contains(element)
    else { return }
    findings.add(.intermediateRead, key: read.key) {
      (
        "all that a transaction appended, or nothing", "\(value) as the last element",
        "\(text), but \(words.place(author)) appended more after \(value)"
      )
    }
  }

  /// The transaction that appended an element, unless it failed: it has no place in an order then.
  private func took(_ element: Element, _ history: History) -> Int? {
    writer[element].flatMap { history.operations[$0].ending == .fail ? nil : $0 }
  }

  /// Orders every list, and links those that wrote and read it.
  func dependencies(
    _ reads: [ListRead], _ history: History, _ findings: inout TransactionFindings
  ) -> DependencyGraph {
    let words = HistoryWords(history)
    var graph = DependencyGraph(transactions: history.operations.count)
    // Of whom one element was seen, everything took effect.
    let seen = Set(reads.flatMap { read in read.elements.compactMap { writer[Element(key: read.key, value: $0)] } })
    let certain = writer.filter { history.operations[$0.value].ending == .ok || seen.contains($0.value) }
    let appended = Dictionary(grouping: certain.keys, by: \.key)
    let standing = reads.map { withoutFailed($0, history) }
    for (key, readsOfKey) in Dictionary(grouping: standing, by: \.key).sorted(by: { $0.key < $1.key }) {
      let longest = readsOfKey.max { $0.elements.count < $1.elements.count }?.elements ?? []
      if Set(longest).count < longest.count { continue }
      let compatible = readsOfKey.filter { read in
        if longest.starts(with: read.elements) { return true }
        findings.add(.incompatibleOrder, key: key) {
          (
            "one order", "two orders",
            "\(words.place(read.transaction)) \(HistoryWords.action(.list(read.elements))) in record \(key), which "
              + "is no beginning of the longest read, [\(longest.map { "\($0)" }.joined(separator: " "))]"
          )
        }
        return false
      }
      let positions = Set(longest)
      let later = (appended[key] ?? []).map(\.value).filter { !positions.contains($0) }.sorted()
      link(key, longest, later, compatible, history, &graph)
    }
    return graph
  }

  /// A read without the elements of transactions that failed: they vanish again, and have no place in the order.
  private func withoutFailed(_ read: ListRead, _ history: History) -> ListRead {
    let failed = { (value: Int64) in
      writer[Element(key: read.key, value: value)].map { history.operations[$0].ending == .fail } ?? false
    }
    guard read.elements.contains(where: failed) else { return read }
    return ListRead(
      transaction: read.transaction, key: read.key, elements: read.elements.filter { !failed($0) },
      foreignCount: read.elements.prefix(read.foreignCount).count { !failed($0) })
  }

  /// - Parameter later: acknowledged elements that nobody saw, in an order that is not known.
  private func link(
    _ key: Int64, _ longest: [Int64], _ later: [Int64], _ reads: [ListRead], _ history: History,
    _ graph: inout DependencyGraph
  ) {
    let author = { (value: Int64) in took(Element(key: key, value: value), history) }
    for (first, second) in zip(longest, longest.dropFirst()) {
      guard let from = author(first), let to = author(second) else { continue }
      graph.add(from, to, .writeWrite, key: key, .append(first), .append(second))
    }
    if let last = longest.last, let from = author(last) {
      for value in later {
        guard let to = author(value) else { continue }
        graph.add(from, to, .writeWrite, key: key, .append(last), .append(value))
      }
    }
    for read in reads {
      if read.foreignCount > 0, case let last = read.elements[read.foreignCount - 1], let from = author(last) {
        graph.add(from, read.transaction, .writeRead, key: key, .append(last), .list(read.elements))
      }
      let missed = longest[read.elements.count...].isEmpty ? later : [longest[read.elements.count]]
      for value in missed {
        guard let to = author(value) else { continue }
        graph.add(read.transaction, to, .readWrite, key: key, .list(read.elements), .append(value))
      }
    }
  }
}

extension Array where Element == Int64 {
  fileprivate func hasSuffix(_ suffix: [Int64]) -> Bool {
    suffix.count <= count && Array(self.suffix(suffix.count)) == suffix
  }
}
