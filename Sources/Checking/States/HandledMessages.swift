public import Model

/// Messages between services: none is left that nobody has handled, and none was given up.
public struct HandledMessages: Checker {
  /// Rows of the services: which one, how many messages are in its outbox, how many wait for it, how many are dead letters.
  public static let question = "messages"

  /// Nothing to state.
  public init() {}

  /// `messages`.
  public var name: String { "messages" }

  /// A lost host may hold messages that it never answers, and its end counts as a try.
  public var whenHostsAreLost: LostHostRule { .abstains }

  /// Judges what is left.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    guard let rows = evidence.remains[Self.question] else { return nil }
    var findings = Findings()
    for row in rows where row.count == 4 {
      let (service, left, dead) = (row[0] + 1, row[1] + row[2], row[3])
      if left > 0 {
        findings.add(.undeliveredMessage, key: nil, count: left) {
          (
            "no message left", "\(left) at service \(service)",
            "\(row[1]) in its outbox, \(row[2]) that nobody has acknowledged"
          )
        }
      }
      if dead > 0 {
        findings.add(.undeliveredMessage, key: nil, count: dead) {
          ("no dead letter", "\(dead) at service \(service)", "each was tried as often as it may")
        }
      }
    }
    return CheckResult(checker: name, examined: Int64(rows.count), violations: findings.violations)
  }
}
