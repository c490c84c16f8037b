public import Model

/// Projection: once all that was left has been projected, every event was projected once, in the order of its stream, and
/// the read model is what all events add up to.
public struct ProjectionEqualsFold: Checker {
  /// Nothing to state.
  public init() {}

  /// `projection`.
  public var name: String { "projection" }

  /// Events, projections and read model are all in the store, those of lost workers, too.
  public var whenHostsAreLost: LostHostRule { .decides }

  /// Judges what became of the events.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    let remains = evidence.remains
    guard let events = remains[EventRemains.events]?.first?.first,
      let projected = remains[EventRemains.projected]?.first?.first, let lost = remains[EventRemains.lost],
      let repeated = remains[EventRemains.projectedTwice], let reordered = remains[EventRemains.reordered],
      let diverged = remains[EventRemains.diverged], !evidence.hasOnlyReads
    else { return nil }
    var findings = Findings()
    add(lost, .lostEvent, "every event projected", "were never projected", &findings)
    add(repeated, .duplicatedEvent, "every event projected once", "times too often", &findings)
    add(reordered, .reorderedEvent, "events in the order of their stream", "came after a later one", &findings)
    for row in diverged where row.count == 3 {
      findings.add(.divergedProjection, key: Int(row[0]), count: 1) {
        ("\(row[1])", "\(row[2])", "the events of the stream, replayed, and its read model")
      }
    }
    // Counts that do not fit would mean that one of the questions is wrong.
    let explained = projected - sum(repeated) + sum(lost)
    return CheckResult(
      checker: name, examined: events, violations: findings.violations,
      unknown: explained == events
        ? nil : "\(events) events, \(projected) projections and what was found missing do not add up")
  }

  private func add(
    _ rows: [[Int64]], _ kind: Violation.Kind, _ expected: String, _ observed: String, _ findings: inout Findings
  ) {
    for row in rows where row.count == 3 {
      findings.add(kind, key: Int(row[0]), count: row[1]) {
        (expected, "\(row[1]) \(observed)", "the first of them has position \(row[2])")
      }
    }
  }

  private func sum(_ rows: [[Int64]]) -> Int64 { rows.reduce(0) { $0 + ($1.count == 3 ? $1[1] : 0) } }
}
