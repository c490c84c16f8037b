internal import Model
internal import Words

/// Who should be asked which one of several processes does a duty, from runs without faults, with deaths and with pauses.
///
/// A strategy that broke something in any run is not recommended, nor is one that was not tried under a fault that others
/// were tried under. Of the rest, the one comes first that left the fewest ticks undone; then that after which somebody
/// else went on soonest, a death before a pause; then the one with fewer servers, and with fewer statements.
public struct DutyAdvice: Sendable {
  /// Whose duty.
  public let duty: Duty
  /// Those that may be recommended, best first.
  public let candidates: [DutyRecord]
  /// Those that may not, with the reason.
  public let excluded: [(record: DutyRecord, reason: String)]
  /// The faults that were tried, by name.
  public let faults: [String]

  /// Draws the conclusion; runs of other duties are left out.
  public init(_ runs: [MeasuredRun], for duty: Duty, lookup: @escaping StrategyLookup) {
    self.duty = duty
    let cells = runs.flatMap { CellSummary.summaries(of: $0.trials) }
      .filter { $0.trials[0].conditions.workload == duty.rawValue }
    let names = unique(cells.map(\.cell.strategy))
    let records = names.map { name in
      DutyRecord(name, cells.filter { $0.cell.strategy == name }, lookup: lookup)
    }
    faults = Set(records.flatMap(\.tried)).sorted()
    var candidates: [DutyRecord] = []
    var excluded: [(record: DutyRecord, reason: String)] = []
    for record in records {
      let untried = faults.filter { !record.tried.contains($0) }
      let isControl = cells.contains { $0.cell.strategy == record.strategy && $0.isControl }
      if !record.broken.isEmpty {
        excluded.append((record, unique(record.broken).joined(separator: "; ")))
      } else if isControl {
        excluded.append((record, "it protects nothing and is there for comparison"))
      } else if !untried.isEmpty {
        excluded.append((record, "it was not tried under \(listed(untried))"))
      } else {
        candidates.append(record)
      }
    }
    self.candidates = candidates.sorted { Self.order($0) < Self.order($1) }
    self.excluded = excluded
  }

  /// Whether there is a run of this duty at all.
  public var hasRuns: Bool { !candidates.isEmpty || !excluded.isEmpty }

  private static func order(_ record: DutyRecord) -> [Double] {
    [
      record.missedShare, record.takeoverAfterDeath ?? .infinity, record.takeoverAfterPause ?? .infinity,
      Double(record.services.count), record.statementsPerSecond ?? .infinity,
    ]
  }
}

extension [Double] {
  fileprivate static func < (left: [Double], right: [Double]) -> Bool { left.lexicographicallyPrecedes(right) }
}
