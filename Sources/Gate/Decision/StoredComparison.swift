internal import Analysis
internal import Model

/// Compares a metric of a cell of two runs that were stored at different times: repetitions are independent samples.
struct StoredComparison {
  let cell: Cell
  let base: [TrialResult]
  let candidate: [TrialResult]

  /// The comparison before it is adjusted for the number of comparisons.
  func comparison(of metric: GateMetric, _ rule: GateRule) -> GateComparison {
    var comparison = GateComparison(cell: cell, metric: metric, rule: rule)
    let costs = (base: values(metric, base), candidate: values(metric, candidate))
    guard let before = median(costs.base), let after = median(costs.candidate) else {
      comparison.remark = "too little data in a repetition"
      return comparison
    }
    comparison.base = metric.natural(before)
    comparison.candidate = metric.natural(after)
    let bounds = GateBounds(metric, rule, base: before)
    comparison.bounds = bounds
    comparison.screening = CostDifference(base: costs.base, candidate: costs.candidate)
    comparison.verdict = bounds.verdict(comparison.screening)
    if comparison.verdict == .inconclusive {
      comparison.needed = needed(costs.base, costs.candidate, bounds)
      if comparison.screening == nil {
        let least = min(costs.base.count, costs.candidate.count)
        comparison.remark = "\(least) repetitions can be used; it takes \(CostDifference.leastUnpaired) of each"
      }
    }
    return comparison
  }

  private func values(_ metric: GateMetric, _ trials: [TrialResult]) -> [Double] {
    trials.standing.filter { $0.failure == nil }.compactMap { metric.cost(of: [$0]) }
  }

  private func needed(_ base: [Double], _ candidate: [Double], _ bounds: GateBounds) -> Int? {
    guard let first = standardDeviation(base), let second = standardDeviation(candidate) else { return nil }
    return neededPairs(deviation: (first * first + second * second).squareRoot(), size: bounds.limit)
      .map { max($0, CostDifference.leastUnpaired) }
  }
}
