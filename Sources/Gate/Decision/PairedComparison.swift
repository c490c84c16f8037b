internal import Analysis
internal import Model

/// Compares a metric of a cell of which both arms were measured in turns.
struct PairedComparison {
  let cell: Cell
  let pairs: [BlockPair]

  /// The comparison after the first stage, with what the second shows beside it.
  func comparison(of metric: GateMetric, _ rule: GateRule) -> GateComparison {
    var comparison = GateComparison(cell: cell, metric: metric, rule: rule)
    let valid = pairs.filter(\.isValid)
    let slices = valid.flatMap(\.slices)
    let levels = (base: level(metric, valid) { $0.base }, candidate: level(metric, valid) { $0.candidate })
    guard let base = levels.base, let candidate = levels.candidate else {
      comparison.remark = slices.isEmpty ? "every block was disturbed by others" : unavailability(metric)
      return comparison
    }
    comparison.base = metric.natural(base)
    comparison.candidate = metric.natural(candidate)
    let bounds = GateBounds(metric, rule, base: base)
    let stages = [1, 2].map { stage in valid.filter { $0.stage == stage }.compactMap { $0.difference(of: metric) } }
    comparison.bounds = bounds
    comparison.screening = CostDifference(paired: stages[0])
    comparison.verdict = bounds.verdict(comparison.screening)
    if comparison.verdict == .flagged, !stages[1].isEmpty {
      comparison.confirmation = CostDifference(paired: stages[1])
      comparison.pooled = CostDifference(paired: stages[0] + stages[1])
    }
    if comparison.verdict == .inconclusive {
      comparison.needed = needed(stages[0], bounds)
      if comparison.screening == nil {
        comparison.remark =
          "\(stages[0].count) of \(pairs.count { $0.stage == 1 }) blocks can be used; "
          + "it takes \(CostDifference.leastPairs)"
      }
    }
    return comparison
  }

  /// How many pairs would exclude the limit if there were no difference.
  private func needed(_ differences: [Double], _ bounds: GateBounds) -> Int? {
    guard let deviation = standardDeviation(differences) else { return nil }
    return neededPairs(deviation: deviation, size: bounds.limit).map { max($0, CostDifference.leastPairs) }
  }

  /// The median over the blocks of an arm's cost.
  private func level(
    _ metric: GateMetric, _ valid: [BlockPair],
    _ arm: ((base: TrialResult, candidate: TrialResult)) -> TrialResult
  ) -> Double? {
    median(valid.compactMap { metric.cost(of: $0.slices.map(arm)) })
  }

  private func unavailability(_ metric: GateMetric) -> String {
    switch metric {
    case .p50, .p99: "too few latencies in a block: 100 must lie beyond the percentile"
    case .goodput, .fairness: "nothing was committed"
    case .retries, .deadlocks, .gaveUp: "no operation ended"
    }
  }
}

extension [GateComparison] {
  /// Decides those that stage 1 flagged by stage 2 alone: fresh data, and the same metric must confirm itself. Holm's
  /// procedure over all that were flagged keeps the probability of any false alarm below 5 %.
  ///
  /// A comparison that was to be measured anew and has too little fresh data is not confirmed. Without a second stage the
  /// flags stay.
  mutating func confirm(hasSecondStage: Bool) {
    let flagged = indices.filter { self[$0].verdict == .flagged && self[$0].rule.blocksOn != .nothing }
    if hasSecondStage {
      let rejected = holmRejections(
        flagged.map { self[$0].confirmation?.probabilityNotWorse ?? 1 }, alpha: CostDifference.alpha)
      for (index, isRejected) in zip(flagged, rejected) {
        let estimate = self[index].confirmation?.estimate ?? -.infinity
        let isMaterial = estimate >= (self[index].bounds?.material ?? .infinity)
        self[index].verdict = isRejected && isMaterial ? .regressed : .unconfirmed
      }
    }
    settleAdvice()
  }

  /// Decides data without a second stage: Holm's procedure over every comparison that can fail the gate takes the place
  /// of confirmation. It is the weaker of the two: with few repetitions and many cells it cannot find anything.
  mutating func adjustForOneStage() {
    let family = indices.filter {
      self[$0].rule.blocksOn != .nothing && (self[$0].screening.map { $0.deviation > 0 || $0.estimate != 0 } ?? false)
    }
    let rejected = holmRejections(
      family.map { self[$0].screening?.probabilityNotWorse ?? 1 }, alpha: CostDifference.alpha)
    for (index, isRejected) in zip(family, rejected) where self[index].verdict == .flagged {
      self[index].verdict = isRejected ? .regressed : .unconfirmed
      if !isRejected { self[index].remark = "worse, but not beyond doubt among \(family.count) comparisons" }
    }
    settleAdvice()
  }

  /// What nothing depends on needs no confirmation.
  private mutating func settleAdvice() {
    for index in indices where self[index].verdict == .flagged && self[index].rule.blocksOn == .nothing {
      self[index].verdict = .regressed
    }
  }
}
