public import Model

/// Balanced audits: a read of all records together shows the sum of the start, as every moment of the store has it. An
/// auditor who sees another sum has seen a part of an operation.
public struct BalancedAudits: Checker {
  /// Nothing to state.
  public init() {}

  /// `balanced-audits`.
  public var name: String { "balanced-audits" }

  /// Counts.
  public var needs: Set<EvidenceKind> { [.counts] }

  /// The sum of every audit.
  public var observer: (any Observer.Type)? { AuditObserver.self }

  /// A sum that one auditor saw is wrong by itself.
  public var whenHostsAreLost: LostHostRule { .accuses }

  /// Judges what auditors saw; where the strategy promises no snapshot, it is counted and allowed.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    CheckResult(
      reads: name, .tornRead, count: evidence.total[.unbalancedSnapshots], of: evidence,
      examined: evidence.total[.auditedSnapshots], isAllowed: !evidence.readsSnapshots,
      because: "these audits saw a sum that no moment has: a part of an operation")
  }
}

/// Adds up what a read of several records shows.
struct AuditObserver: Observer {
  private let memory: ObservedMemory

  init(_ memory: ObservedMemory) { self.memory = memory }

  func committed(_ operation: Operation, _ values: UnsafePointer<Int64>, _ counts: ObservedCounts) {
    guard operation.isReadOnly else { return }
    var difference: Int64 = 0
    for index in 0..<operation.count { difference &+= values[index] &- memory.initial(operation[index].key) }
    counts.add(.auditedSnapshots)
    if difference != 0 { counts.add(.unbalancedSnapshots) }
  }
}
