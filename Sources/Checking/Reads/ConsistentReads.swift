public import Model

/// Consistent reads: a read sees values that all belong to the same moment. The workers compare the values as they read
/// them; here their counts are judged.
public struct ConsistentReads: Checker {
  /// Nothing to state.
  public init() {}

  /// `consistent-reads`.
  public var name: String { "consistent-reads" }

  /// Counts.
  public var needs: Set<EvidenceKind> { [.counts] }

  /// The values of every read.
  public var observer: (any Observer.Type)? { TornReadObserver.self }

  /// A torn read is seen by its reader alone.
  public var whenHostsAreLost: LostHostRule { .accuses }

  /// Judges what workers saw.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    CheckResult(
      reads: name, .tornRead, count: evidence.total[.tornReads], of: evidence, isAllowed: !evidence.readsSnapshots,
      because: "these reads saw values of one profile that were never together in the store")
  }
}

/// Values that always change together differ.
struct TornReadObserver: Observer {
  init(_ memory: ObservedMemory) {}

  func committed(_ operation: Operation, _ values: UnsafePointer<Int64>, _ counts: ObservedCounts) {
    guard operation.isReadOnly else { return }
    for index in 1..<operation.count where values[index] != values[0] {
      counts.add(.tornReads)
      return
    }
  }
}
