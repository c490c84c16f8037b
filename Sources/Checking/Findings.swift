public import Model

/// Collects the findings of one checker: the first few of each kind in full, the rest as one line per kind, so that a
/// million broken records make a short report whose counts still add up.
public struct Findings {
  /// Findings of one kind that are listed in full.
  public static let listedPerKind = 20

  private var listed: [Violation] = []
  private var listedCounts: [Violation.Kind: Int] = [:]
  private var rest: [(kind: Violation.Kind, findings: Int64, operations: Int64)] = []

  /// None.
  public init() {}

  /// Adds a finding; the text is only made when the finding is listed.
  public mutating func add(
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
  public mutating func addUnlisted(_ kind: Violation.Kind, findings: Int64, operations: Int64) {
    if !rest.contains(where: { $0.kind == kind }) { rest.append((kind, 0, 0)) }
    for index in rest.indices where rest[index].kind == kind {
      let sum = rest[index].operations.addingReportingOverflow(operations)
      rest[index].operations = sum.overflow ? .max : sum.partialValue
      rest[index].findings += findings
    }
  }

  /// Listed findings in the order in which they were added, then one summary per kind.
  public var violations: [Violation] {
    listed
      + rest.map { kind, findings, operations in
        Violation(
          kind: kind, key: nil, expected: "no \(kind.rawValue)", observed: "\(findings) more", count: operations,
          evidence: "findings of this kind that are not listed one by one")
      }
  }
}
