public import Model

/// Stream contiguity: the versions of every stream are 1 to n, each once, and no step of an operation has appended twice.
///
/// Positions over all streams may have gaps: who rolls back has drawn one.
public struct StreamContiguity: Checker {
  /// Nothing to state.
  public init() {}

  /// `stream-contiguity`.
  public var name: String { "stream-contiguity" }

  /// All events are in the store, those of lost workers, too.
  public var whenHostsAreLost: LostHostRule { .decides }

  /// Judges what the streams were found to hold.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    let remains = evidence.remains
    guard let gaps = remains[EventRemains.gaps], let repeats = remains[EventRemains.appendedTwice],
      !evidence.hasOnlyReads
    else { return nil }
    var findings = Findings()
    for row in gaps where row.count == 5 {
      let (events, versions, least, greatest) = (row[1], row[2], row[3], row[4])
      let missing = max(greatest, events) - versions
      findings.add(.streamGap, key: Int(row[0]), count: max(1, missing)) {
        (
          "versions 1 to \(events), each once", "\(versions) different ones from \(least) to \(greatest)",
          "the stream has \(events) events"
        )
      }
    }
    for row in repeats where row.count == 4 {
      findings.add(.duplicatedEvent, key: Int(row[0]), count: row[3] - 1) {
        ("1 event", "\(row[3]) events", "operation \(row[2]) of worker \(row[1]) appended the same step again")
      }
    }
    return CheckResult(
      checker: name, examined: remains[EventRemains.events]?.first?.first ?? 0, violations: findings.violations)
  }
}
