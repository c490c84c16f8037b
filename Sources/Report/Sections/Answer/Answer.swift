internal import Analysis
internal import Model
internal import Results
internal import Words

extension Section {
  /// The conclusion: verdict, counts, who wins where, and the answer in words.
  static func answer(_ study: Study) -> Section? {
    var blocks: [Block] = [.banner(banner(study))]
    for (run, name) in zip(study.runs, study.runNames) {
      let answer = Answer(
        MeasuredRun(name: run.scenario, trials: run.trials, missing: run.missing), lookup: study.lookup)
      if !name.isEmpty { blocks.append(.heading(name)) }
      blocks += answer.maps.map { .figures([WinnerFigure($0, study).figure]) }
      // Where there is a map, where it turns belongs to it.
      let order =
        answer.maps.isEmpty ? Answer.Kind.allCases : [.crossover] + Answer.Kind.allCases.filter { $0 != .crossover }
      let groups = order.map { (label: label($0), lines: answer.texts($0).map { Line($0) }) }.filter {
        !$0.lines.isEmpty
      }
      if !groups.isEmpty { blocks.append(.labelled(groups)) }
      if !answer.comparisons.isEmpty {
        let summary = "\(counted(answer.comparisons.count, "comparison")) along one setting, in words"
        blocks.append(.details(summary: summary, [.list(answer.comparisons.map { Line($0) })]))
      }
    }
    return Section(id: "answer", title: "The answer", blocks: blocks)
  }

  private static func label(_ kind: Answer.Kind) -> String {
    switch kind {
    case .correct: "Correct"
    case .violating: "Not correct"
    case .unknown: "Not known"
    case .ranking: "Fastest"
    case .crossover: "Where it changes"
    case .knee: "Up to which rate"
    case .untested: "Not tested"
    }
  }

  private static func banner(_ study: Study) -> Banner {
    let cells = study.cells
    let missing = study.runs.reduce(0) { $0 + $1.missing.count }
    let (tone, title, sentence) = conclusion(RunConclusion(cells), cells)
    let incomplete =
      missing > 0 ? " \(counted(missing, "planned trial")) \(missing == 1 ? "was" : "were") not made." : ""
    let violating = cells.filter { $0.verdict == .violation }
    let disturbed = study.trials.filter(\.machine.isDisturbed).count
    let passed = cells.filter { $0.verdict == .pass }.count
    let counts: [(Int, String)] = [
      (study.strategies.count, study.strategies.count == 1 ? "strategy" : "strategies"),
      (study.points.count, study.points.count == 1 ? "load point" : "load points"),
      (study.trials.count, study.trials.count == 1 ? "trial" : "trials"),
      (passed, passed == 1 ? "cell passed" : "cells passed"),
      (violating.filter { $0.isAsExpected ?? false }.count, "violating as expected"),
      (violating.filter { !($0.isAsExpected ?? false) }.count, "violating unexpectedly"),
      (cells.filter { $0.verdict == .unknown }.count, "unknown"),
      (disturbed, disturbed == 1 ? "trial disturbed" : "trials disturbed"),
    ]
    return Banner(
      tone: tone, title: title, sentence: sentence + incomplete,
      counts: counts.filter { $0.0 > 0 }.map { (formatCount($0.0), $0.1) })
  }

  private static func conclusion(_ conclusion: RunConclusion, _ cells: [CellSummary]) -> (Tone, String, String) {
    if cells.isEmpty { return (.doubtful, "Nothing was measured.", "") }
    switch conclusion {
    case .held: return (.good, "Held.", "Every cell showed what was expected of it.")
    case .violated:
      let silent = cells.filter { $0.isAsExpected == false && $0.verdict == .pass }.count
      let broken = cells.filter { $0.isAsExpected == false && $0.verdict == .violation }.count
      var parts: [String] = []
      if broken > 0 { parts.append("\(counted(broken, "cell")) broke an invariant where that is not allowed") }
      if silent > 0 {
        parts.append("\(counted(silent, "cell")) broke none although that was expected: the checkers prove little")
      }
      return (.bad, "Violated.", parts.joined(separator: "; ").capitalisedFirst + ".")
    case .inconclusive:
      return (.doubtful, "Inconclusive.", "For at least one cell it cannot be told whether it is correct.")
    }
  }
}

extension String {
  fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
