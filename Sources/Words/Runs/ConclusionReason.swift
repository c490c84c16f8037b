public import Model

extension RunConclusion {
  /// Why a complete run did not hold, in one sentence: the first cell concerned, what is wrong there, and of how many
  /// cells that is true.
  ///
  /// - Parameter cells: all cells of the run; this is the conclusion from them.
  public func reason(_ cells: [CellSummary]) -> String {
    let concerned = cells.filter { self == .violated ? $0.isAsExpected == false : $0.isAsExpected == nil }
    guard let first = concerned.first else { return "no cell was measured" }
    let share = "\(formatCount(concerned.count)) of \(counted(cells.count, "cell"))"
    switch self {
    case .violated: return "\(first.cell.name): \(first.missedExpectation); this concerns \(share)"
    case .held, .inconclusive: return "\(first.cell.name): \(first.openReason); nothing can be told of \(share)"
    }
  }
}

extension CellSummary {
  /// What was expected and what was found instead.
  var missedExpectation: String {
    guard expectation == .pass else { return "a violation was expected and none was found" }
    return "no violation was expected, \(formatCount(violationCount)) found"
  }

  /// Why the verdict is open.
  fileprivate var openReason: String {
    let failures = trials.compactMap(\.failure)
    if let failure = failures.first {
      let trials = trials.count == 1 ? "the trial" : "\(failures.count) of \(trials.count) trials"
      return "\(trials) failed: \(failure)".printable
    }
    return trials.first { $0.verdict == .unknown }?.openReason ?? "nothing was checked"
  }
}

extension TrialResult {
  /// Why it cannot be told whether the result of a trial that ran is correct.
  var openReason: String {
    let remarks = checks.filter { $0.verdict == .unknown }.map {
      "\($0.checker): \($0.remark ?? "nothing was examined")"
    }
    return remarks.isEmpty ? "nothing was checked" : remarks.joined(separator: "; ")
  }
}
