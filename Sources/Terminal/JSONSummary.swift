public import Model
internal import Words

/// The summary of a run as JSON (RFC 8259) with a line feed at its end. What is not known is null.
///
/// The document has `complete`; `conclusion` (`held`, `violated`, `inconclusive`) and `exit_code`, both null when the
/// run is not complete; and `cells`, one object per cell in the order of the run:
///
/// - `strategy`, `workers`, `variant`: the cell; `variant` is empty when only workers are swept. `trials`, `failed_trials`, `disturbed_trials`: repetitions.
///   `remeasured_trials`: those of them whose first measurement was disturbed and replaced.
/// - `goodput_per_s`: committed operations per second in the measured window, median of the repetitions that ran.
/// - `p50_ns`, `p99_ns`, `p999_ns`: latency of committed operations of all repetitions, nanoseconds; null when too few
///   samples support the percentile.
/// - `tries_per_operation`: attempts per operation that ended in the measured windows.
/// - `deadlocks` (attempts), `failed`, `unknown` (operations): after the warm-up, the drain included. `gave_up`: in the
///   measured window; what is cut off by its end has not given up.
/// - `censored`: operations still waiting when a window closed. `overlaps`: critical sections entered by two at once.
/// - `violations`: operations concerned by the worst finding, summed over the repetitions.
/// - `verdict` (`pass`, `unknown`, `violation`), `expectation` (`pass`, `violation`, `any`), `as_expected`: null when it
///   cannot be told.
/// - `examined`: what the least thorough checker examined; `violation_rate_upper_bound`: for a pass, 95 % confidence.
/// - `failures`: messages of the trials that failed.
/// - `faults`: what each fault of the scenario did, in its order: `kind`, `happened` and `missed` times; take-overs of lost
///   holders, their median and the longest; the longest time without a commit; the median time until goodput was back at
///   90 %; critical sections that overlapped.
/// - `met_ratio`: share of operations that met another one; null when it cannot be told. `too_few_met`: whether that is too
///   low for a pass to mean anything. `harness_bounds`: in which ways the harness, and not the strategy, set the pace
///   (`never-idle`, `null-operation`, `outside-operations`, `saturated-hosts`). `moving_trials`: repetitions whose goodput
///   rose or fell all the time.
/// - `hosts`: over how many hosts its workers were spread. `lost_hosts`: names of those whose evidence never came.
///   `host_overlaps`, `host_undecided`: pairs of critical sections on different hosts that overlapped for sure, or of which
///   the clocks cannot tell; null when none were compared.
///
/// - Parameters:
///   - results: every trial that ran, in order.
///   - isComplete: false when the run ended early; its exit code then does not follow from its cells.
public func jsonSummary(of results: [TrialResult], isComplete: Bool = true) -> String {
  let cells = CellSummary.summaries(of: results)
  let conclusion = RunConclusion(cells)
  let tested = results.standing.count { $0.trend != nil }
  let document = JSON.object([
    ("complete", .boolean(isComplete)),
    ("conclusion", .string(ifAny: isComplete ? name(conclusion) : nil)),
    ("exit_code", .integer(isComplete ? conclusion.rawValue : nil)),
    (
      "cells",
      .array(
        cells.map { .object(identity($0) + figures($0) + judgement($0) + soundness($0, cells, tested) + spread($0)) })
    ),
  ])
  return document.text() + "\n"
}

private func name(_ conclusion: RunConclusion) -> String {
  switch conclusion {
  case .held: "held"
  case .violated: "violated"
  case .inconclusive: "inconclusive"
  }
}

private func identity(_ cell: CellSummary) -> [(key: String, value: JSON)] {
  [
    ("strategy", .string(cell.cell.strategy)),
    ("workers", .integer(cell.cell.workers)),
    ("variant", .string(cell.cell.variant)),
    ("trials", .integer(cell.trials.count)),
    ("failed_trials", .integer(cell.trials.filter { $0.failure != nil }.count)),
    ("disturbed_trials", .integer(cell.disturbedTrials.count)),
    ("remeasured_trials", .integer(cell.measurements.replacedCount)),
  ]
}

private func figures(_ cell: CellSummary) -> [(key: String, value: JSON)] {
  [
    ("goodput_per_s", .number(cell.goodputPerSecond)),
    ("p50_ns", .integer(cell.latency.supportedValue(atQuantile: 0.5))),
    ("p99_ns", .integer(cell.latency.supportedValue(atQuantile: 0.99))),
    ("p999_ns", .integer(cell.latency.supportedValue(atQuantile: 0.999))),
    ("tries_per_operation", .number(cell.triesPerOperation)),
    ("deadlocks", .integer(cell.counted[.deadlock])),
    ("gave_up", .integer(cell.measured[.gaveUp])),
    ("failed", .integer(cell.counted[.failed])),
    ("unknown", .integer(cell.counted[.unknown])),
    ("unknown_applied", .integer(cell.unknownOutcomes.applied)),
    ("unknown_not_applied", .integer(cell.unknownOutcomes.notApplied)),
    ("unknown_unresolved", .integer(cell.unknownOutcomes.unresolved)),
    ("censored", .integer(cell.censoredCount)),
    ("overlaps", .integer(cell.trials.reduce(0) { $0 + $1.total[.overlaps] })),
  ]
}

private func judgement(_ cell: CellSummary) -> [(key: String, value: JSON)] {
  let bound = cell.verdict == .pass ? PowerOfZero.upperBound(examined: cell.examinedCount) : nil
  return [
    ("violations", .integer(cell.violationCount)),
    ("verdict", .string(cell.verdict.rawValue)),
    ("expectation", .string(cell.expectation.rawValue)),
    ("as_expected", .boolean(cell.isAsExpected)),
    ("examined", .integer(cell.examinedCount)),
    ("violation_rate_upper_bound", .number(bound)),
    ("failures", .strings(cell.measurements.compactMap(\.failure))),
    ("faults", .array(cell.faults.map { .object(members(of: $0)) })),
  ]
}

private func soundness(_ cell: CellSummary, _ cells: [CellSummary], _ tested: Int) -> [(key: String, value: JSON)] {
  [
    ("met_ratio", .number(cell.shareMet)),
    ("too_few_met", .boolean(cell.shareOfTooFewMet != nil)),
    ("harness_bounds", .strings(cell.harnessBounds(among: cells).map(name))),
    ("moving_trials", .integer(cell.trends(among: tested).count)),
  ]
}

private func spread(_ cell: CellSummary) -> [(key: String, value: JSON)] {
  let hosts = cell.trials.compactMap(\.hosts?.hosts.count).max() ?? 1
  return [
    ("hosts", .integer(hosts)),
    ("lost_hosts", .strings(cell.hosts.filter { $0.lostCount > 0 }.map(\.name))),
    ("host_overlaps", .integer(cell.holdsBetweenHosts?.overlaps)),
    ("host_undecided", .integer(cell.holdsBetweenHosts?.undecided)),
  ]
}

private func name(_ bound: HarnessBound) -> String {
  switch bound {
  case .neverIdle: "never-idle"
  case .nullOperation: "null-operation"
  case .outsideOperations: "outside-operations"
  case .saturatedHosts: "saturated-hosts"
  }
}

private func members(of fault: FaultSummary) -> [(key: String, value: JSON)] {
  let takeovers = fault.takeovers
  return [
    ("kind", .string(fault.kind)),
    ("summary", .string(fault.summary)),
    ("happened", .integer(fault.happened.count)),
    ("missed", .integer(fault.missed)),
    ("takeovers", .integer(takeovers.count)),
    ("takeover_p50_s", .number(FaultSummary.quantile(takeovers, 0.5))),
    ("takeover_max_s", .number(takeovers.last)),
    ("longest_stall_s", .number(fault.longestStall)),
    ("recovery_p50_s", .number(fault.recovery)),
    ("overlaps", .integer(fault.overlaps)),
    ("abandoned_locks", .integer(fault.abandonedLocks)),
    ("abandoned_max_s", .number(fault.longestAbandoned?.seconds)),
  ]
}
