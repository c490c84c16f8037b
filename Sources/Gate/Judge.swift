public import Model

/// Judges a candidate against a base: a pure function of two stored runs and, when they were measured in turns, of their
/// schedule.
///
/// A live gate asks after the first stage, measures ``GateVerdict/cellsToConfirm`` anew, and asks again with the longer
/// schedule. The second answer is final: there is no third try.
public struct Judge: Sendable {
  private let base: GateArm
  private let candidate: GateArm
  private let schedule: GateSchedule?
  private let policy: GatePolicy
  private let allowsCrossMachine: Bool

  /// - Parameters:
  ///   - schedule: how the arms took turns; nil for runs that were stored at different times.
  ///   - policy: by what to judge.
  ///   - allowsCrossMachine: turns what would make the arms incomparable into notes, and every comparison into advice.
  public init(
    base: GateArm, candidate: GateArm, schedule: GateSchedule? = nil, policy: GatePolicy,
    allowsCrossMachine: Bool = false
  ) {
    self.base = base
    self.candidate = candidate
    self.schedule = schedule
    self.policy = policy
    self.allowsCrossMachine = allowsCrossMachine
  }

  /// The verdict.
  public func verdict() -> GateVerdict {
    let obstacles = Comparability(base: base, candidate: candidate, takesTurns: schedule != nil).obstacles
    let hard = HardGates(base: base, candidate: candidate, schedule: schedule, waivers: policy.waivers).findings
    let isAdvice = allowsCrossMachine && !obstacles.isEmpty
    let findings =
      hard
      + obstacles.map { GateFinding(isAdvice ? .note : .incomparable, nil, $0) }
      + (isAdvice ? [GateFinding(.note, nil, "all comparisons are advice: the arms are not comparable")] : [])
    let pairs = pairsByCell()
    var comparisons = cells.flatMap { compare($0, pairs[$0] ?? [], isAdvice: isAdvice) }
    if let schedule {
      comparisons.confirm(hasSecondStage: schedule.blocks.contains { $0.stage == 2 })
    } else {
      comparisons.adjustForOneStage()
    }
    for index in comparisons.indices { comparisons[index].apply(policy.waivers) }
    let examined = CellSummary.summaries(of: candidate.trials).filter { $0.expectation == .pass }.map(\.examinedCount)
    return GateVerdict(
      mode: schedule == nil ? .stored : .paired, base: base, candidate: candidate, policy: policy, findings: findings,
      comparisons: comparisons, discards: discards(pairs), examined: examined.min() ?? 0)
  }

  /// How many more blocks of a stage it takes until `wanted` of each cell can be used: others disturbed some. Cells whose
  /// speed is not compared need none, and other cells than those of the stage neither.
  public func shortages(inStage stage: Int, wanted: Int) -> [Cell: Int] {
    pairsByCell().compactMapValues { blocks in
      let ofStage = blocks.filter { $0.stage == stage }
      let short = wanted - ofStage.count(where: \.isValid)
      return ofStage.isEmpty || short <= 0 ? nil : short
    }.filter { cell, _ in suppression((base.trials + candidate.trials).filter { $0.cell == cell }) == nil }
  }

  /// The cells that both arms have, in the order of the base.
  private var cells: [Cell] {
    if let schedule { return schedule.cells }
    let after = Set(candidate.plannedCells)
    return base.plannedCells.filter(after.contains)
  }

  private func pairsByCell() -> [Cell: [BlockPair]] {
    guard let schedule else { return [:] }
    let (first, second) = (base.trialsByID(), candidate.trialsByID())
    let validity = SliceValidity(base: base, candidate: candidate, policy: policy)
    return Dictionary(
      cells.map { ($0, schedule.pairs(of: $0, first, second, validity)) }, uniquingKeysWith: { first, _ in first })
  }

  private func compare(_ cell: Cell, _ pairs: [BlockPair], isAdvice: Bool) -> [GateComparison] {
    let trials = (base: base.trials.filter { $0.cell == cell }, candidate: candidate.trials.filter { $0.cell == cell })
    let remark = suppression(trials.base + trials.candidate)
    return GateMetric.allCases.map { metric in
      var rule = policy[metric]
      if isAdvice { rule.blocksOn = .nothing }
      if let remark {
        var comparison = GateComparison(cell: cell, metric: metric, rule: rule, verdict: .suppressed)
        comparison.remark = remark
        return comparison
      }
      return schedule == nil
        ? StoredComparison(cell: cell, base: trials.base, candidate: trials.candidate).comparison(of: metric, rule)
        : PairedComparison(cell: cell, pairs: pairs).comparison(of: metric, rule)
    }
  }

  /// Why the speed of a cell is not compared; nil when it is.
  private func suppression(_ trials: [TrialResult]) -> String? {
    if trials.contains(where: { $0.verdict == .violation }) { return "results are wrong: their speed means nothing" }
    if trials.contains(where: { $0.expectation == .violation }) { return "a control: its speed means nothing" }
    if schedule?.isNew == true { return "the scenario is new: there is nothing to compare its speed with" }
    return nil
  }

  private func discards(_ pairs: [Cell: [BlockPair]]) -> [GateVerdict.Discards] {
    cells.compactMap { cell in
      pairs[cell].map { blocks in
        let discarded = blocks.reduce(0) { $0 + $1.discarded }
        return GateVerdict.Discards(
          cell: cell, discarded: discarded, measured: discarded + blocks.reduce(0) { $0 + $1.slices.count })
      }
    }
  }
}
