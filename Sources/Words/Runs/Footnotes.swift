public import Model

/// What a reader of the table must know besides; a note appears only when it applies.
public struct Footnotes {
  let results: [TrialResult]
  let cells: [CellSummary]
  private let isComplete: Bool
  /// More lines of one kind than this are counted instead of shown; the results folder has them all.
  private static let most = 6

  /// - Parameters:
  ///   - results: every trial of a run, in order.
  ///   - isComplete: false when the run ended early; its exit code then does not follow from its cells.
  public init(_ results: [TrialResult], isComplete: Bool) {
    self.results = results
    cells = CellSummary.summaries(of: results)
    self.isComplete = isComplete
  }

  /// The notes, the conclusion last; none is broken into lines yet.
  public var notes: [String] {
    powerOfZeros + tooFewMet + allowed + faults + elections + abandonedLocks + saturated + disturbances
      + boundByHarness + moving + usedUp + censored + overlaps + overlapsBetweenHosts + lateWrites + scripts
      + serverDisagreements + failedOperations + overcomeErrors + lostHosts + failedTrials + openVerdicts + conclusion
  }

  private var powerOfZeros: [String] {
    let examined = cells.filter { $0.verdict == .pass }.map(\.examinedCount)
    guard let least = examined.min(), let bound = PowerOfZero.upperBound(examined: least) else { return [] }
    let count = counted(least, "operation")
    guard bound < 1 else {
      return ["0 violations in at least \(count) each: too few to say anything about the true rate"]
    }
    return ["0 violations in at least \(count) each: true rate below 3/\(formatCount(least)) with 95 % confidence"]
  }

  /// Anomalies that are no violation of what was promised.
  private var allowed: [String] {
    limited(
      cells.filter { !$0.allowed.isEmpty }.map { cell in
        let found = cell.allowed.map { "\($0.kind.rawValue) \(formatCount($0.count))" }.joined(separator: ", ")
        return "allowed (\(cell.cell.name)): \(found): anomalies that the isolation it promises does not forbid"
      }, "more cells with allowed anomalies")
  }

  /// What was done to the trials, and how long it took until somebody followed a holder that was lost.
  private var faults: [String] {
    limited(
      cells.flatMap { cell in
        cell.faults.map { fault in
          let takeovers = fault.takeovers
          let median = FaultSummary.quantile(takeovers, 0.5).map { formatDuration(nanoseconds: $0 * 1e9) }
          let longest = takeovers.last.map { formatDuration(nanoseconds: $0 * 1e9) }
          let stall = fault.longestStall.map { formatDuration(nanoseconds: $0 * 1e9) }
          let parts = [
            counted(fault.happened.count, "time"),
            median.flatMap { median in longest.map { "next holder after \(median), at most \($0)" } },
            stall.map { "longest stall \($0)" },
          ].compactMap(\.self)
          return "fault (\(cell.cell.name)): \(fault.summary): \(parts.joined(separator: ", "))"
        }
      }, "more faults of cells")
  }

  /// Locks that nobody alive held and nobody got.
  private var abandonedLocks: [String] {
    limited(
      cells.flatMap { cell in
        cell.faults.compactMap { fault -> String? in
          guard let longest = fault.longestAbandoned else { return nil }
          let others = fault.abandonedLocks > 1 ? "; \(counted(fault.abandonedLocks, "lock")) in all" : ""
          return
            "abandoned (\(cell.cell.name)): the lock of record \(longest.record) was held by nobody alive, and nobody "
            + "got it for the last \(formatDuration(nanoseconds: longest.seconds * 1e9))\(others)"
        }
      }, "more abandoned locks")
  }

  /// Cells of an open loop that answered fewer operations than arrived.
  private var saturated: [String] {
    limited(
      cells.compactMap { cell in
        guard let offered = cell.offeredPerSecond, let answered = cell.answeredPerSecond, cell.isSaturated else {
          return nil
        }
        return "saturated (\(cell.cell.name)): \(formatRate(offered)) arrived per second, \(formatRate(answered)) were "
          + "answered; what waited is in the latency of those that were"
      }, "more saturated cells")
  }

  private var disturbances: [String] {
    let trials = results.standing
    let disturbed = trials.filter(\.machine.isDisturbed)
    guard let worst = disturbed.max(by: { foreignShare($0) < foreignShare($1) }) else { return replacements }
    let places = cells.filter { !$0.disturbedTrials.isEmpty }.map {
      "\($0.cell.name): \($0.disturbedTrials.count) of \($0.trials.count)"
    }
    let reasons = worst.machine.disturbances.joined(separator: ", ")
    return replacements + [
      "disturbed: \(formatCount(disturbed.count)) of \(counted(trials.count, "trial")), "
        + "distrust their figures (\(few(places))); worst: \(reasons) (\(worst.name))"
    ]
  }

  /// Trials whose first measurement does not count.
  private var replacements: [String] {
    let count = results.replacedCount
    guard count > 0 else { return [] }
    let all = counted(results.standing.count, "trial")
    return [
      "measured again because others used the machine: \(formatCount(count)) of \(all); the last measurement "
        + "stands, earlier ones still count for correctness"
    ]
  }

  private func foreignShare(_ trial: TrialResult) -> Double { trial.machine.foreignRatio + trial.machine.stealRatio }

  /// Cells whose operations found nothing left to take before the window closed.
  private var usedUp: [String] {
    let remedy = "let it last longer (stock: workload.initial)"
    let before = cells.filter { cell in cell.trials.contains { $0.usedUpAfterSeconds == 0 } }.map(\.cell.name)
    let within = cells.compactMap { cell -> String? in
      let used = cell.trials.compactMap(\.usedUpAfterSeconds).filter { $0 > 0 }
      guard let first = used.min(), let trial = cell.trials.first else { return nil }
      return "\(cell.cell.name): after \(formatDuration(nanoseconds: first * 1e9)) of "
        + formatDuration(nanoseconds: trial.measuredSeconds * 1e9)
    }
    return
      (before.isEmpty
      ? []
      : [
        "used up before the window opened, so nothing was left to measure (\(few(before))): \(remedy), or set "
          + "load.warmup to 0s"
      ])
      + (within.isEmpty
        ? [] : ["used up, goodput counts the time until then (\(few(within))): \(remedy), or shorten load.duration"])
  }

  private var censored: [String] {
    let places = counts(\.censoredCount)
    guard !places.isEmpty else { return [] }
    let total = cells.reduce(0) { $0 + $1.censoredCount }
    return [
      "censored: \(counted(total, "operation was", "operations were")) still waiting when a window closed and "
        + "\(total == 1 ? "is" : "are") in no percentile (\(few(places)))"
    ]
  }

  private var overlaps: [String] {
    let places = counts { cell in cell.trials.reduce(0) { $0 + $1.total[.overlaps] } }
    return places.isEmpty ? [] : ["two holders at once, critical sections that overlapped: \(few(places))"]
  }

  private var lateWrites: [String] {
    let sent = counts { cell in cell.trials.reduce(0) { $0 + $1.total[.staleEffectsAttempted] } }
    let taken = counts { cell in cell.trials.reduce(0) { $0 + $1.total[.staleEffectsAccepted] } }
    if sent.isEmpty { return [] }
    return ["late writes, of holders that had lost the lock: \(few(sent))"]
      + (taken.isEmpty ? [] : ["late writes that the store took: \(few(taken))"])
  }

  private var serverDisagreements: [String] {
    limited(
      results.flatMap { trial in
        trial.crossChecks.filter { !$0.agrees }.map {
          "server disagrees (\(trial.name)): \($0.name): \(formatCount($0.client)) counted here, "
            + "\(formatCount($0.server)) by the server, \(formatCount($0.slack)) may differ"
        }
      }, "more disagreements")
  }

  private var failedOperations: [String] {
    limited(
      cells.filter { $0.counted[.failed] > 0 }.map { cell in
        let error = firstError(cell).map { "; first error: \($0)" } ?? ""
        return "failed operations (\(cell.cell.name)): \(formatCount(cell.counted[.failed]))\(error)"
      }, "more cells with failed operations")
  }

  /// What went wrong without a failed operation: the operation was tried again, on another session.
  private var overcomeErrors: [String] {
    limited(
      cells.filter { $0.counted[.failed] == 0 }.compactMap { cell in
        firstError(cell).map { "first error (\(cell.cell.name)): \($0)" }
      }, "more cells with errors")
  }

  private func firstError(_ cell: CellSummary) -> String? {
    cell.trials.lazy.compactMap(\.firstError).first
  }

  private var failedTrials: [String] {
    limited(
      results.compactMap { trial in trial.failure.map { "trial failed (\(trial.name)): \($0)" } }, "more failed trials")
  }

  /// Why it cannot be told, for trials that ran.
  private var openVerdicts: [String] {
    limited(
      results.filter { $0.failure == nil && $0.verdict == .unknown }.map { "unknown (\($0.name)): \($0.openReason)" },
      "more unknown verdicts")
  }

  private var conclusion: [String] {
    let missed = cells.filter { $0.isAsExpected == false }.map {
      "expectation not met (\($0.cell.name)): \($0.missedExpectation)"
    }
    let conclusion = RunConclusion(cells)
    guard isComplete, conclusion != .held else { return limited(missed, "more expectations not met") }
    let reason = conclusion == .violated ? "an expectation was not met" : "for at least one cell it cannot be told"
    return limited(missed, "more expectations not met") + ["exit code \(conclusion.rawValue): \(reason)"]
  }

  /// The cells for which a count is above zero.
  func counts(_ count: (CellSummary) -> Int64) -> [String] {
    cells.filter { count($0) > 0 }.map { "\($0.cell.name): \(formatCount(count($0)))" }
  }

  func few(_ parts: [String]) -> String { limited(parts, "more").joined(separator: "; ") }

  func limited(_ lines: [String], _ rest: String) -> [String] {
    guard lines.count > Self.most else { return lines }
    return lines.prefix(Self.most) + ["\(formatCount(lines.count - Self.most)) \(rest)"]
  }
}
