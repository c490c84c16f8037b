internal import Glibc
internal import Model

/// A metric of some trials as a cost: what grows when it gets worse.
///
/// Metrics that are compared by their ratio are logarithms, so that a difference of costs is the logarithm of a ratio.
/// Several trials are pooled: counts and times are summed, histograms added.
extension GateMetric {
  /// The cost; nil when the trials do not tell it: too few latencies for a percentile, nothing committed.
  func cost(of trials: [TrialResult]) -> Double? {
    let tally = trials.reduce(into: Tally()) { $0 += $1.measured }
    let operations = Double(tally.outcomes)
    switch self {
    case .goodput:
      let seconds = trials.reduce(0) { $0 + $1.committingSeconds }
      return tally[.committed] > 0 && seconds > 0 ? log(seconds / Double(tally[.committed])) : nil
    case .p50: return Self.logQuantile(0.5, trials)
    case .p99: return Self.logQuantile(0.99, trials)
    case .retries: return operations > 0 ? max(0, Double(tally[.attempts]) / operations - 1) : nil
    case .deadlocks: return operations > 0 ? Double(tally[.deadlock]) / operations : nil
    case .gaveUp: return operations > 0 ? Double(tally[.gaveUp]) / operations : nil
    case .fairness:
      let indices = trials.compactMap(\.fairness.jainIndex)
      return indices.isEmpty ? nil : -indices.reduce(0, +) / Double(indices.count)
    }
  }

  /// A cost in the unit that people read: operations per second, nanoseconds, a rate, an index.
  func natural(_ cost: Double) -> Double {
    switch self {
    case .goodput: exp(-cost)
    case .p50, .p99: exp(cost)
    case .retries, .deadlocks, .gaveUp: cost
    case .fairness: -cost
    }
  }

  private static func logQuantile(_ quantile: Double, _ trials: [TrialResult]) -> Double? {
    guard let first = trials.first, trials.allSatisfy({ $0.latency.layout == first.latency.layout }) else { return nil }
    let pooled = trials.dropFirst().reduce(into: first.latency) { $0 += $1.latency }
    return pooled.supportedValue(atQuantile: quantile).flatMap { $0 > 0 ? log(Double($0)) : nil }
  }
}
