public import Model
internal import Words

/// A figure in which two cells are compared.
public enum ComparedMetric: Sendable, CaseIterable {
  /// Committed operations per second; more is better.
  case goodput
  /// Median and 99th percentile of the latency of committed operations; less is better.
  case p50, p99
  /// Attempts per operation that ended in the measured window; less is better.
  case tries
  /// Share of the operations that gave up, 0 to 1; less is better.
  case gaveUp

  /// Name with unit, as tables head it.
  public var name: String {
    switch self {
    case .goodput: "goodput/s"
    case .p50: "p50"
    case .p99: "p99"
    case .tries: "tries/op"
    case .gaveUp: "gave up"
    }
  }

  /// The figure of all repetitions: per second, nanoseconds, a number or a share; nil when it is not known.
  public func value(of cell: CellSummary) -> Double? {
    switch self {
    case .goodput: cell.goodputPerSecond
    case .p50: cell.latency.supportedValue(atQuantile: 0.5).map { Double($0) }
    case .p99: cell.latency.supportedValue(atQuantile: 0.99).map { Double($0) }
    case .tries: cell.triesPerOperation
    case .gaveUp: Self.gaveUpShare(cell.measured)
    }
  }

  /// The figure of one trial.
  public func value(of trial: TrialResult) -> Double? {
    switch self {
    case .goodput: trial.goodputPerSecond
    case .p50: trial.latency.supportedValue(atQuantile: 0.5).map { Double($0) }
    case .p99: trial.latency.supportedValue(atQuantile: 0.99).map { Double($0) }
    case .tries: trial.triesPerOperation
    case .gaveUp: Self.gaveUpShare(trial.measured)
    }
  }

  /// The figure with its unit: `5,594`, `1.25 ms`, `1.07`, `2.5 %`.
  public func text(_ value: Double?) -> String {
    guard let value else { return "-" }
    switch self {
    case .goodput: return formatRate(value)
    case .p50, .p99: return formatDuration(nanoseconds: value)
    case .tries: return formatDecimal(value, digits: 2)
    case .gaveUp: return formatPercent(value, digits: value < 0.1 ? 2 : 1)
    }
  }

  /// What a separated ratio of candidate to base says: `faster`, `slower`, `more`, `fewer`.
  public func words(forRatio ratio: RatioInterval) -> String {
    switch self {
    case .goodput: ratio.low > 1 ? "faster" : "slower"
    case .p50, .p99: ratio.low > 1 ? "slower" : "faster"
    case .tries, .gaveUp: ratio.low > 1 ? "more" : "fewer"
    }
  }

  private static func gaveUpShare(_ tally: Tally) -> Double? {
    tally.outcomes > 0 ? Double(tally[.gaveUp]) / Double(tally.outcomes) : nil
  }
}
