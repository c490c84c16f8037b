internal import Model

/// Collects what is wrong with transactions, and tells what the isolation level forbids from what it allows.
struct TransactionFindings {
  private let history: History
  private let isolation: Isolation
  private(set) var findings = Findings()
  private var allowedCounts: [Violation.Kind: Int64] = [:]

  init(_ history: History, _ isolation: Isolation) {
    self.history = history
    self.isolation = isolation
  }

  mutating func add(
    _ kind: Violation.Kind, key: Int64?, _ text: () -> (expected: String, observed: String, evidence: String)
  ) {
    guard isolation.forbids(kind) else { return allowedCounts[kind, default: 0] += 1 }
    findings.add(kind, key: key.map { Int($0) }, count: 1, text)
  }

  /// Adds the cycles of a graph.
  mutating func add(_ graph: DependencyGraph) {
    let words = HistoryWords(history)
    for cycle in graph.cycles() {
      add(cycle.kind, key: nil) {
        ("no cycle of transactions", "a cycle of \(cycle.edges.count)", words.text(cycle))
      }
    }
  }

  /// What is allowed.
  var allowed: [AllowedAnomaly] {
    Violation.Kind.anomalies.compactMap { kind in allowedCounts[kind].map { AllowedAnomaly(kind, count: $0) } }
  }

  /// The same in sentences.
  var notes: [String] {
    allowed.map { found in
      "\(found.kind.rawValue) found \(found.count) times, which \(isolation.rawValue) allows: \(found.kind.meaning)"
    }
  }
}

extension HistoryWords {
  /// Who is who, and then who read what from whom.
  fileprivate func text(_ cycle: DependencyCycle) -> String {
    let names = Dictionary(
      cycle.edges.enumerated().map { ($0.element.from, "T\($0.offset + 1)") }, uniquingKeysWith: { first, _ in first })
    let who = cycle.edges.map { "\(names[$0.from] ?? "") is \(place($0.from))" }.joined(separator: ", ")
    let why = cycle.edges.map { edge in
      let (from, to) = (names[edge.from] ?? "", names[edge.to] ?? "")
      return switch edge.kind {
      case .writeWrite:
        "\(from) \(Self.action(edge.first)) in record \(edge.key) before \(to) \(Self.action(edge.second))"
      case .writeRead:
        "\(to) read record \(edge.key) after \(from) \(Self.action(edge.first)) there"
      case .readWrite:
        "\(from) \(Self.action(edge.first)) in record \(edge.key), which does not have what \(to) did: it "
          + Self.action(edge.second)
      }
    }
    return "\(who): \(why.joined(separator: "; ")). So each comes before the next one, and none can be the first."
  }
}
