public import Model

/// Transactions over lists: what they read has no anomaly that the promised isolation forbids.
///
/// Looks at every transaction of the trial, the warm-up included, up to ``mostTransactions``. Nil when the trial was not
/// recorded.
public struct Transactions: Checker {
  /// Transactions of one trial that are judged: more say nothing new, and take memory.
  public static let mostTransactions = 100_000

  /// Nothing to state.
  public init() {}

  /// `list-append`.
  public var name: String { ListAppend().name }

  /// Who read what from whom.
  public var needs: Set<EvidenceKind> { [.history] }

  /// What was read is wrong by itself, or by what others are known to have done; see ``Model/History/dropped``.
  public var whenHostsAreLost: LostHostRule { .accuses }

  /// Looks for wrong reads and for circles.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    guard var history = evidence.history else { return nil }
    // Nobody has counted what lost workers did.
    if !evidence.missing.isEmpty { history.dropped = nil }
    return ListAppend(evidence.isolation).check(history).result
  }
}
