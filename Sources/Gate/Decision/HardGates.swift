internal import Model

/// What fails a gate whatever the speed: judged over all data, slices that were taken out and both stages included.
///
/// Closed by default: what was meant to run and has no result is a finding, never a pass.
struct HardGates {
  let base: GateArm
  let candidate: GateArm
  let schedule: GateSchedule?
  let waivers: [GateWaiver]

  /// All findings: first those about correctness, then those about data.
  var findings: [GateFinding] {
    let candidates = CellSummary.summaries(of: candidate.trials)
    let bases = CellSummary.summaries(of: base.trials)
    return candidates.flatMap(correctness) + bases.flatMap(ofBase) + weakened(bases, candidates)
      + unreadable + exchanged + missing(base, .base) + missing(candidate, .candidate) + removedAndAdded
  }

  // MARK: - Correctness

  private func correctness(_ summary: CellSummary) -> [GateFinding] {
    let cell = summary.cell
    var findings: [GateFinding] = []
    let failed = summary.measurements.filter { $0.failure != nil }
    if let first = failed.first, let reason = first.failure {
      let others = failed.count > 1 ? " (and \(failed.count - 1) more)" : ""
      findings.append(
        GateFinding(.crash, cell, "repetition \(first.repetition) failed in the candidate: \(reason)\(others)"))
    }
    let ran = summary.measurements.filter { $0.failure == nil }
    switch summary.expectation {
    case .pass where summary.verdict == .violation:
      let kinds = Set(summary.measurements.flatMap(\.violations).map(\.kind.rawValue)).sorted().joined(separator: ", ")
      findings.append(
        GateFinding(
          .violation, cell, "\(summary.violationCount) operations broke an invariant in the candidate: \(kinds)"))
    case .pass where ran.contains { $0.verdict == .unknown }:
      findings.append(GateFinding(.unchecked, cell, "whether results of the candidate are correct cannot be told"))
    case .violation where !ran.isEmpty && summary.verdict != .violation:
      let message = "this control must break an invariant and broke none in the candidate: nothing else here is proven"
      findings.append(GateFinding(.controlDidNotFire, cell, message))
    default: break
    }
    if let unit = unitWithoutOperations(summary) {
      findings.append(GateFinding(.zeroOperations, cell, "no operation of the candidate ended in \(unit)"))
    }
    return findings
  }

  /// Only what keeps the base from being a base; its wrong results are no fault of the candidate.
  private func ofBase(_ summary: CellSummary) -> [GateFinding] {
    let cell = summary.cell
    var findings: [GateFinding] = []
    if let failed = summary.measurements.first(where: { $0.failure != nil }), let reason = failed.failure {
      findings.append(GateFinding(.missing, cell, "repetition \(failed.repetition) failed in the base: \(reason)"))
    }
    if let unit = unitWithoutOperations(summary) {
      findings.append(GateFinding(.missing, cell, "no operation of the base ended in \(unit)"))
    }
    if summary.expectation == .pass, summary.verdict == .violation {
      let count = summary.violationCount
      findings.append(
        // Both arms of a new scenario are the candidate's.
        schedule?.isNew == true
          ? GateFinding(.violation, cell, "\(count) operations broke an invariant")
          : GateFinding(.baseViolation, cell, "the base broke an invariant \(count) times: its speed means nothing"))
    }
    return findings
  }

  /// The first block, or repetition where there are no blocks, in which nothing ended although its trials ran.
  private func unitWithoutOperations(_ summary: CellSummary) -> String? {
    let slices = schedule?.slicesPerBlock ?? 1
    let ran = summary.measurements.filter { $0.failure == nil }
    let units = Dictionary(grouping: ran) { ($0.repetition - 1) / slices + 1 }
    let empty = units.filter { $0.value.allSatisfy { $0.measured.outcomes == 0 } }.keys.min()
    return empty.map { schedule == nil ? "repetition \($0)" : "block \($0)" }
  }

  /// Cells that had to be correct and no longer have to: whoever expects less of a candidate must say so elsewhere.
  private func weakened(_ bases: [CellSummary], _ candidates: [CellSummary]) -> [GateFinding] {
    let before = Dictionary(bases.map { ($0.cell, $0.expectation) }) { first, _ in first }
    return candidates.filter { before[$0.cell] == .pass && $0.expectation != .pass }.map {
      GateFinding(
        .incomparable, $0.cell,
        "the scenario of the base expects correct results of this cell, that of the candidate does not")
    }
  }

  // MARK: - Data

  private var unreadable: [GateFinding] {
    [base, candidate].compactMap { arm in arm.problem.map { GateFinding(.unreadable, nil, $0) } }
  }

  /// Arms that are not those of the schedule: swapped, or copied from another gate.
  private var exchanged: [GateFinding] {
    guard let schedule else { return [] }
    return [(GateSide.base, base), (.candidate, candidate)].compactMap { side, arm in
      guard let run = schedule.runs[side.rawValue], arm.problem == nil, arm.runID != run else { return nil }
      return GateFinding(
        .incomparable, nil, "\(arm.path) holds the run \(arm.runID), but the \(side.rawValue) of this gate was \(run)")
    }
  }

  private func missing(_ arm: GateArm, _ side: GateSide) -> [GateFinding] {
    guard arm.problem == nil else { return [] }
    var expected = arm.planned.map { GateArm.TrialID(cell: $0.cell, repetition: $0.repetition) }
    if let schedule {
      expected = schedule.blocks.flatMap { block in
        block.cells.flatMap { cell in
          schedule.repetitions(of: block).map { GateArm.TrialID(cell: cell, repetition: $0) }
        }
      }
    }
    if expected.isEmpty {
      return [GateFinding(.missing, nil, "the \(side.rawValue) has no plan: \(arm.path) holds no complete run")]
    }
    let results = arm.trialsByID()
    let absent = expected.filter { results[$0] == nil }
    let perCell = Dictionary(grouping: absent, by: \.cell)
    var findings = absent.map(\.cell).withoutDuplicates.map { cell in
      let count = perCell[cell, default: []].count
      return GateFinding(
        .missing, cell, "\(count) of \(expected.count { $0.cell == cell }) trials are missing in the \(side.rawValue)")
    }
    if results.count < arm.trials.standing.count {
      findings.append(GateFinding(.missing, nil, "\(arm.path) has trials twice: it is no result of one run"))
    }
    return findings
  }

  private var removedAndAdded: [GateFinding] {
    guard base.problem == nil, candidate.problem == nil else { return [] }
    let (before, after) = (base.plannedCells, candidate.plannedCells)
    let lost = schedule?.removed ?? before.filter { !after.contains($0) }
    let added = schedule?.added ?? after.filter { !before.contains($0) }
    let removed = lost.map { cell in
      if let waiver = waivers.first(where: { $0.subject == .presence && $0.cell == cell.title }) {
        return GateFinding(.waived, cell, "the candidate no longer has this cell: \(waiver.reason)")
      }
      return GateFinding(
        .cellRemoved, cell,
        "the candidate no longer has this cell; if that is meant, waive its presence in gate.waivers")
    }
    let isNew = schedule?.isNew == true
    let message = "the scenario is new: its results are checked, its speed is compared with nothing"
    return removed + added.map { GateFinding(.cellAdded, $0, "new in the candidate: not compared") }
      + (isNew ? [GateFinding(.scenarioAdded, nil, message)] : [])
  }
}
