internal import Model

/// Collects the findings of one checker: the first few of each kind in full, the rest as one line per kind, so that a
/// million broken records make a short report whose counts still add up.
struct Findings {
  /// Findings of one kind that are listed in full.
  static let listedPerKind = 20

  private var listed: [Violation] = []
  private var listedCounts: [Violation.Kind: Int] = [:]
  private var rest: [Violation.Kind: (findings: Int64, operations: Int64)] = [:]

  /// Adds a finding; the text is only made when the finding is listed.
  mutating func add(
    _ kind: Violation.Kind, key: Int?, count: Int64,
    _ text: () -> (expected: String, observed: String, evidence: String)
  ) {
    guard listedCounts[kind, default: 0] < Self.listedPerKind else {
      addUnlisted(kind, findings: 1, operations: count)
      return
    }
    listedCounts[kind, default: 0] += 1
    let (expected, observed, evidence) = text()
    listed.append(
      Violation(kind: kind, key: key, expected: expected, observed: observed, count: count, evidence: evidence))
  }

  /// Adds findings of which only the number is known.
  mutating func addUnlisted(_ kind: Violation.Kind, findings: Int64, operations: Int64) {
    let soFar = rest[kind] ?? (0, 0)
    let sum = soFar.operations.addingReportingOverflow(operations)
    rest[kind] = (soFar.findings + findings, sum.overflow ? .max : sum.partialValue)
  }

  /// Listed findings in the order in which they were added, then one summary per kind.
  var violations: [Violation] {
    listed
      + Violation.Kind.allCases.compactMap { kind in
        guard let (findings, operations) = rest[kind] else { return nil }
        return Violation(
          kind: kind, key: nil, expected: "no \(kind.rawValue)", observed: "\(findings) more", count: operations,
          evidence: "findings of this kind that are not listed one by one")
      }
  }
}
