/// All repetitions of one cell, merged: counts are summed, histograms added, the goodput is the median.
public struct CellSummary: Sendable {
  /// Strategy and load point.
  public let cell: Cell
  /// The trials of the cell whose figures count, by repetition; never empty.
  public let trials: [TrialResult]
  /// Every measurement, those that were replaced by a later one included: what was examined and what was found.
  public let measurements: [TrialResult]
  /// Latency of committed operations, all repetitions together.
  public let latency: HistogramSnapshot
  /// Counts of the measured windows.
  public let measured: Tally
  /// Counts of the operations that started after the warm-up, those of the drain included.
  public let counted: Tally

  /// Merges the trials of one cell; nil when there are none.
  private init?(_ cell: Cell, _ trials: [TrialResult]) {
    guard let first = trials.first else { return nil }
    self.cell = cell
    measurements = trials.sorted { ($0.repetition, $0.measurement) < ($1.repetition, $1.measurement) }
    self.trials = measurements.standing
    var latency = HistogramSnapshot(first.latency.layout)
    var measured = Tally()
    var counted = Tally()
    for trial in self.trials {
      latency += trial.latency
      measured += trial.measured
      counted += trial.measured
      counted += trial.tallies[.drained] ?? Tally()
    }
    self.latency = latency
    self.measured = measured
    self.counted = counted
  }

  /// What became of the operations of unknown outcome, as far as the final values tell.
  public var unknownOutcomes: UnknownOutcomes { trials.reduce(into: UnknownOutcomes()) { $0 += $1.unknownOutcomes } }

  /// One summary per cell, in the order in which the cells first appear.
  public static func summaries(of results: [TrialResult]) -> [CellSummary] {
    var order: [Cell] = []
    var trials: [Cell: [TrialResult]] = [:]
    for result in results {
      if trials[result.cell] == nil { order.append(result.cell) }
      trials[result.cell, default: []].append(result)
    }
    return order.compactMap { CellSummary($0, trials[$0] ?? []) }
  }

  /// Median over the repetitions that ran of committed operations per second; nil when none ran.
  public var goodputPerSecond: Double? {
    let rates = trials.filter { $0.failure == nil }.compactMap(\.goodputPerSecond).sorted()
    guard !rates.isEmpty else { return nil }
    return (rates[(rates.count - 1) / 2] + rates[rates.count / 2]) / 2
  }
  /// Attempts per operation that ended in the measured windows; nil when none did.
  public var triesPerOperation: Double? {
    measured.outcomes > 0 ? Double(measured[.attempts]) / Double(measured.outcomes) : nil
  }
  /// Violations, summed over all measurements.
  public var violationCount: Int64 { measurements.reduce(0) { $0 + $1.violationCount } }
  /// Anomalies that the promised isolation allows, summed over all measurements, in the order of their severity.
  public var allowed: [AllowedAnomaly] {
    let counts = measurements.flatMap(\.checks).flatMap(\.allowed).reduce(into: [Violation.Kind: Int64]()) {
      $0[$1.kind, default: 0] += $1.count
    }
    return Violation.Kind.anomalies.compactMap { kind in counts[kind].map { AllowedAnomaly(kind, count: $0) } }
  }
  /// Operations that were still waiting when a window closed, summed over the repetitions.
  public var censoredCount: Int64 { trials.reduce(0) { $0 + $1.censoredCount } }
  /// What the least thorough checker examined, summed over all measurements: the power of a pass.
  public var examinedCount: Int64 { measurements.reduce(0) { $0 + $1.examinedCount } }
  /// The worst verdict of all measurements.
  public var verdict: Verdict { measurements.map(\.verdict).max() ?? .unknown }
  /// What the scenario expects; the same in every repetition.
  public var expectation: Expectation { trials[0].expectation }
  /// Repetitions with too much foreign load to trust the figures.
  public var disturbedTrials: [TrialResult] { trials.filter(\.machine.isDisturbed) }
  /// Whether it is a null operation, which protects nothing and only measures.
  public var isFloor: Bool { trials[0].strategyID.hasPrefix("floor.") }
  /// Whether it is the null operation of what another cell does: over its store, or with a program of the user's.
  public func isFloor(of cell: CellSummary) -> Bool {
    guard isFloor else { return false }
    return trials[0].strategyID == "floor.external"
      ? cell.trials[0].strategyID.hasPrefix("external.") : trials[0].store == cell.trials[0].store
  }
  /// Whether it is a planted control, which protects nothing and must break an invariant.
  public var isControl: Bool { trials[0].grade == .required }
  /// Whether the verdict is what was expected; nil when it cannot be told.
  public var isAsExpected: Bool? {
    switch (expectation, verdict) {
    case (.any, _): measurements.contains { $0.failure != nil } ? nil : true
    case (_, .unknown): nil
    case (.pass, let verdict): verdict == .pass
    case (.violation, let verdict): verdict == .violation
    }
  }
}

extension TrialResult {
  /// What the least thorough checker examined: the power of a pass; 0 when nothing was checked.
  public var examinedCount: Int64 { checks.map(\.examined).min() ?? 0 }
}
