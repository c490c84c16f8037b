public import Model

/// Unique returns: two acknowledged operations never return the same new value of a record.
///
/// Two equal values mean that both operations started from the same one, so one change overwrote the other. Needs no
/// final state, and sees a lost update even if a later fault hides it. Nil when no values were compared: strategies
/// that do not return them are judged by the other checkers.
public struct UniqueReturns: Checker {
  /// Nothing to state.
  public init() {}

  /// `unique-returns`.
  public var name: String { "unique-returns" }

  /// Strategies that return values.
  public var needs: Set<EvidenceKind> { [.counts, .returnedValues] }

  /// The value of every change.
  public var observer: (any Observer.Type)? { ReturnObserver.self }

  /// A value that came twice among those that arrived came twice.
  public var whenHostsAreLost: LostHostRule { .accuses }

  /// Judges the values that were returned twice.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    let compared = evidence.total[.comparedValues]
    let duplicates = max(evidence.total[.duplicateValues], Int64(evidence.duplicates.count))
    guard compared > 0 || duplicates > 0 else { return nil }
    var findings = Findings()
    for duplicate in evidence.duplicates {
      findings.add(.duplicateValue, key: duplicate.key, count: 1) {
        (
          "every returned value once", "\(duplicate.value) returned again",
          "two acknowledged operations on this record returned \(duplicate.value): one overwrote the other"
        )
      }
    }
    let unlisted = duplicates - Int64(evidence.duplicates.count)
    if unlisted > 0 { findings.addUnlisted(.duplicateValue, findings: unlisted, operations: unlisted) }
    return CheckResult(checker: name, examined: compared, violations: findings.violations)
  }
}

/// Marks the new value of the first record of every change; whoever finds the mark set has found a duplicate.
struct ReturnObserver: Observer {
  private let memory: ObservedMemory

  init(_ memory: ObservedMemory) { self.memory = memory }

  func committed(_ operation: Operation, _ values: UnsafePointer<Int64>, _ counts: ObservedCounts) {
    if operation.isReadOnly { return }
    let step = operation[0]
    let change = values[0] &- memory.initial(step.key)
    guard let isRepeated = memory.returned.insert(key: step.key, distance: step.operand < 0 ? 0 &- change : change)
    else { return }
    counts.add(.comparedValues)
    if isRepeated { counts.add(.duplicateValues) }
  }
}
