internal import Glibc
public import Model
internal import Words

/// By what strategies are ranked.
public enum Objective: String, Sendable, Codable, CaseIterable {
  /// Committed operations per second; more is better.
  case goodput
  /// 99th percentile of the latency of committed operations; less is better.
  case p99

  /// The figure of a cell: per second, or nanoseconds; nil when it is not known or too few samples support it.
  public func value(of cell: CellSummary) -> Double? {
    switch self {
    case .goodput: cell.goodputPerSecond
    case .p99: cell.latency.supportedValue(atQuantile: 0.99).map { Double($0) }
    }
  }

  /// The figure of one trial.
  public func value(of trial: TrialResult) -> Double? {
    switch self {
    case .goodput: trial.goodputPerSecond
    case .p99: trial.latency.supportedValue(atQuantile: 0.99).map { Double($0) }
    }
  }

  /// Whether a figure is better than another.
  public func prefers(_ left: Double, to right: Double) -> Bool { self == .goodput ? left > right : left < right }

  /// The figure with its unit: `5,594/s`, `1.25 ms`.
  public func text(_ value: Double) -> String {
    switch self {
    case .goodput: formatRate(value) + "/s"
    case .p99: formatDuration(nanoseconds: value) + " p99"
    }
  }

  /// What is compared, in a sentence.
  public var name: String { self == .goodput ? "goodput" : "p99 latency" }

  /// By what factor the first cell is better than the second: repetitions are the pairs, since they are interleaved.
  /// Above 1 means that the first is better. Nil when no pair is left.
  ///
  /// Pairs in which a trial is missing, failed or gave no figure are left out and counted; so are those that foreign load
  /// disturbed, unless fewer than ``RatioInterval/leastPairs`` others are left. Then all count, and the ratio says so:
  /// trials run in shuffled order, so that disturbance widens an interval and favours nobody.
  public func ratio(of first: CellSummary, to second: CellSummary) -> RatioInterval? {
    let repetitions = Set(first.trials.map(\.repetition)).union(second.trials.map(\.repetition)).sorted()
    func logRatios(withDisturbed: Bool) -> [Double] {
      repetitions.compactMap { repetition in
        guard let left = value(first, repetition, withDisturbed), let right = value(second, repetition, withDisturbed)
        else { return nil }
        return self == .goodput ? log(left / right) : log(right / left)
      }
    }
    let calm = logRatios(withDisturbed: false)
    let pairs = calm.count < RatioInterval.leastPairs ? logRatios(withDisturbed: true) : calm
    var ratio = RatioInterval(logRatios: pairs, leftOut: repetitions.count - pairs.count)
    ratio?.disturbed = pairs.count > calm.count ? pairs.count - calm.count : 0
    return ratio
  }

  private func value(_ cell: CellSummary, _ repetition: Int, _ withDisturbed: Bool) -> Double? {
    let trial = cell.trials.first {
      $0.repetition == repetition && $0.failure == nil && (withDisturbed || !$0.machine.isDisturbed)
    }
    return trial.flatMap(value).flatMap { $0 > 0 ? $0 : nil }
  }
}
