internal import Model

/// What several runs say of one way to see to a duty.
public struct DutyRecord: Sendable, Equatable {
  /// Its label.
  public let strategy: String
  /// Servers that it needs, each once.
  public let services: [String]
  /// The faults under which it was tried, by name, in alphabetical order; without a fault it was tried in any case.
  public let tried: [String]
  /// What it broke, in words; empty when nothing.
  public let broken: [String]
  /// From the death of who did it until somebody else did it, seconds, median; nil when that was not seen.
  public let takeoverAfterDeath: Double?
  /// The same after who did it had begun to stand still.
  public let takeoverAfterPause: Double?
  /// Deaths and pauses after which nobody else was seen to do it.
  public let withoutTakeover: Int
  /// Ticks that nobody ran, over all runs.
  public let missedTicks: Int64
  /// Ticks that were due, over all runs.
  public let ticks: Int64
  /// Statements to servers per second, in the run in which there were fewest; those of the work are among them.
  public let statementsPerSecond: Double?

  /// - Parameter cells: those of one label, one for each run.
  init(_ strategy: String, _ cells: [CellSummary], lookup: StrategyLookup) {
    self.strategy = strategy
    services = cells[0].descriptor(lookup)?.services(over: cells[0].store) ?? []
    tried = Set(cells.flatMap(\.faults).filter { !$0.happened.isEmpty }.compactMap(\.names.last)).sorted()
    broken = cells.filter { $0.verdict != .pass }.map { cell in
      let faults = unique(cell.faults.filter { !$0.happened.isEmpty }.map(\.summary))
      let kinds = unique(cell.measurements.flatMap(\.checks).flatMap(\.violations).map(\.kind.rawValue))
      let what = kinds.isEmpty ? "it could not be judged" : kinds.joined(separator: ", ")
      return what + (faults.isEmpty ? "" : " (\(faults.joined(separator: ", ")))")
    }
    let faults = cells.flatMap(\.faults)
    let deaths = faults.filter { $0.kind == "kill-worker" }
    let pauses = faults.filter { $0.kind == "pause-worker" }
    takeoverAfterDeath = FaultSummary.quantile(deaths.flatMap(\.takeovers).sorted(), 0.5)
    takeoverAfterPause = FaultSummary.quantile(pauses.flatMap(\.takeovers).sorted(), 0.5)
    withoutTakeover = (deaths + pauses).reduce(0) { $0 + $1.openTakeovers }
    let checks = cells.flatMap(\.measurements).flatMap(\.checks).filter { $0.checker == "ticks" }
    missedTicks = checks.flatMap(\.allowed).filter { $0.kind == .missedTick }.reduce(0) { $0 + $1.count }
    ticks = checks.reduce(missedTicks) { $0 + $1.examined }
    statementsPerSecond = cells.compactMap { cell in
      let seconds = cell.trials.reduce(0) { $0 + $1.measuredSeconds }
      return seconds > 0 ? Double(cell.measured[.statements]) / seconds : nil
    }.min()
  }

  /// Share of the ticks that nobody ran, 0 to 1; 0 where there are no ticks.
  public var missedShare: Double { ticks > 0 ? Double(missedTicks) / Double(ticks) : 0 }
}
