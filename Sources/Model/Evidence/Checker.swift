/// Decides from the evidence of a trial whether one invariant of its workload held.
///
/// One file each, named by the workloads that promise the invariant. Pure: the same evidence gives the same conclusion.
public protocol Checker: Sendable {
  /// Name in results: `ledger`, `unique-returns`.
  var name: String { get }
  /// What it cannot do without. A trial that lacks some of it is not watched for this checker.
  var needs: Set<EvidenceKind> { get }
  /// What must be watched while operations run, because no final state would show it; nil when nothing must.
  var observer: (any Observer.Type)? { get }
  /// What it can tell when the evidence of a host is missing.
  var whenHostsAreLost: LostHostRule { get }
  /// The conclusion; nil when this trial gave no way to look at the invariant, so that it does not hide what the other
  /// checkers found.
  func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult?
}

extension Checker {
  /// Final records and ledgers, which every trial has.
  public var needs: Set<EvidenceKind> { [.records] }
  /// Nothing is watched.
  public var observer: (any Observer.Type)? { nil }
  /// Nothing, until somebody has thought about it.
  public var whenHostsAreLost: LostHostRule { .abstains }
}

extension Workload {
  /// What must be watched in a trial for those checkers whose evidence it can have.
  ///
  /// - Parameter comparingValues: whether the values that changes return are compared.
  public func observers(comparingValues: Bool) -> [any Observer.Type] {
    checkers.filter { comparingValues || !$0.needs.contains(.returnedValues) }.compactMap(\.observer)
  }
}

extension Workload {
  /// Whether its trials must be recorded.
  public var needsHistory: Bool { checkers.contains { $0.needs.contains(.history) } }
}

/// What a trial may leave behind for its checkers.
public enum EvidenceKind: Sendable {
  /// Values before and after, and for each record what the workers were told.
  case records
  /// What observers counted.
  case counts
  /// The values that changes returned, compared with each other: only where a strategy returns them.
  case returnedValues
  /// Every operation with what it saw. A trial is recorded when a checker of its workload needs that.
  case history
}
