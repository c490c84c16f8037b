public import Model

/// Covered pairs: of two records that belong together, 2n and 2n + 1, at most one has an owner at a time.
///
/// An operation that takes one of them looks at the other first, so two absences at once are write skew: both operations
/// decided over a state that held, and neither changed what the other read. One that gives its record back looks at the
/// other again: its own was taken until then, so an owner that it sees there was one too many. Pairs without cover at the
/// end are found in the records.
public struct CoveredPairs: Checker {
  /// Nothing to state.
  public init() {}

  /// `covered-pairs`.
  public var name: String { "covered-pairs" }

  /// Records and counts.
  public var needs: Set<EvidenceKind> { [.records, .counts] }

  /// The other one of a pair, when one is given back.
  public var observer: (any Observer.Type)? { PairObserver.self }

  /// Two owners at the end, and those whom workers saw, are so whatever lost workers saw besides.
  public var whenHostsAreLost: LostHostRule { .accuses }

  /// Looks at both of every pair, and judges what workers saw.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    let records = RecordAccounts(workload, evidence)
    let uncovered = evidence.total[.uncoveredPairs]
    var findings = Findings()
    var first: RecordAccount?
    records.forEach { account in
      defer { first = account.key % 2 == 0 ? account : nil }
      guard let first, first.stored ?? 0 != 0, account.stored ?? 0 != 0 else { return }
      findings.add(.writeSkew, key: first.key, count: 1) {
        (
          "one of the records \(first.key) and \(account.key) without an owner", "both have one at the end",
          "record \(first.key): \(first.acknowledgedSummary); record \(account.key): \(account.acknowledgedSummary)"
        )
      }
    }
    if uncovered > 0 {
      findings.add(.writeSkew, key: nil, count: uncovered) {
        (
          "no record taken while its partner is", "\(uncovered) seen",
          "acknowledged releases of a record saw an owner of its partner"
        )
      }
    }
    return records.conclude(name, findings)
  }
}

/// Sees an operation that gave one of a pair back, which was its own until then, and saw an owner of the other one.
struct PairObserver: Observer {
  init(_ memory: ObservedMemory) {}

  func committed(_ operation: Operation, _ values: UnsafePointer<Int64>, _ counts: ObservedCounts) {
    guard operation.count == 2 else { return }
    for own in 0...1 where operation[own].effect == .release && operation[1 - own].effect == .read {
      if values[1 - own] != 0 { counts.add(.uncoveredPairs) }
    }
  }
}
