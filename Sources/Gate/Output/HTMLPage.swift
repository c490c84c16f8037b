internal import Charts
internal import Glibc
internal import Model
internal import Results
internal import Words

extension GateVerdict {
  /// The verdict as one HTML page without scripts and without anything to load: banner, findings, a forest plot of the
  /// ratios, every comparison, and what is needed to do it again.
  public var html: String {
    let title = "contend gate: \(headline)"
    let heading = element("h1", class: passed ? "good" : "bad", text: title)
    return HTMLDocument(
      title: title, styles: StyleSheet.css + Self.css,
      body: [heading] + findingList + forestPlots + comparisonTable + [element("h2", text: "How"), facts]
    ).text
  }

  private static let css = """
    body{font:16px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);max-width:70rem;margin:auto;padding:1rem}
    h1{font-size:1.4rem}h1.bad{border-left:.5rem solid var(--bad);padding-left:.7rem}
    h1.good{border-left:.5rem solid var(--good);padding-left:.7rem}
    .scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
    th,td{padding:.2rem .7rem;text-align:left;border-bottom:1px solid var(--grid)}td.n,th.n{text-align:right}
    """

  private var findingList: [HTMLNode] {
    guard !findings.isEmpty else { return [] }
    let items = findings.map { finding in
      let place = finding.cell.map { "\($0.title): " } ?? ""
      let kind = finding.conclusion == .passed ? "note" : finding.kind.rawValue
      return element("li", [], [element("strong", text: kind), .text(" \(place)\(finding.message)")])
    }
    return [element("h2", text: "Findings"), element("ul", [], items)]
  }

  /// One plot for each metric that is a ratio: the limits of a rule are those of a metric.
  private var forestPlots: [HTMLNode] { GateMetric.allCases.filter(\.isRatio).flatMap(forestPlot) }

  private func forestPlot(_ metric: GateMetric) -> [HTMLNode] {
    let rows = comparisons.filter { $0.metric == metric && $0.shown != nil }
    guard !rows.isEmpty else { return [] }
    let rule = policy[metric]
    let chart = IntervalChart(
      title: "\(metric.title): cost of the candidate, in multiples of the base's",
      description: rows.map { "\($0.cell.title): \($0.sentence)" }.joined(separator: ". "),
      axis: Axis("cost, candidate / base", scale: .logarithmic),
      rows: rows.map { comparison in
        IntervalChart.Row(
          comparison.cell.title, point: comparison.shown.map { exp($0.estimate) },
          low: comparison.shown.map { exp($0.low) }, high: comparison.shown.map { exp($0.high) },
          tone: comparison.tone, text: "\(comparison.changeText)  \(comparison.verdictText)")
      },
      guides: [1 + rule.tolerance, 1 + rule.mustDetect], leftHint: "better", rightHint: "worse")
    return [element("h2", text: metric.title), .markup(chart.responsiveSVG(id: "gate-\(metric.rawValue)"))]
  }

  private var comparisonTable: [HTMLNode] {
    guard !comparisons.isEmpty else { return [] }
    let heads = ["cell", "metric", "base", "candidate", "change of cost (90 % interval)", "n", "verdict", "meaning"]
    let rows = byWeight.map { comparison in
      [
        comparison.cell.title, comparison.metric.title, comparison.metric.text(comparison.base),
        comparison.metric.text(comparison.candidate), comparison.changeText, comparison.countText,
        comparison.verdictText, comparison.sentence,
      ]
    }
    let table = element(
      "table", [],
      [
        element("thead", [], [Self.row("th", heads)]), element("tbody", [], rows.map { Self.row("td", $0) }),
      ])
    return [element("h2", text: "Comparisons"), element("div", class: "scroll", [table])]
  }

  private static func row(_ name: StaticString, _ texts: [String]) -> HTMLNode {
    let numeric = 2...5
    return element(
      "tr", [], texts.enumerated().map { element(name, class: numeric.contains($0) ? "n" : nil, text: $1) })
  }

  private var facts: HTMLNode {
    let arms = [("base", base), ("candidate", candidate)].map { name, arm in
      let commit =
        arm.environment?.scenario.git.map { ", commit \($0.commit)\($0.isDirty ? " with changes" : "")" } ?? ""
      let sha = arm.environment.map { ", scenario SHA-256 \($0.scenario.sha256)" } ?? ""
      return "\(name): \(arm.path), run \(arm.runID)\(commit)\(sha)"
    }
    let measured = discards.reduce(0) { $0 + $1.measured }
    let discarded = discards.reduce(0) { $0 + $1.discarded }
    let slices = measured > 0 ? ["\(discarded) of \(measured) pairs of slices were taken out as disturbed"] : []
    let lines = arms + slices + [powerText].compactMap { $0 } + [methodText]
    return element("ul", [], lines.map { element("li", text: $0) })
  }
}

extension GateComparison {
  /// What the verdict means in a chart.
  fileprivate var tone: IntervalChart.Tone {
    switch verdict {
    case .regressed, .flagged: .bad
    case .improved: .good
    case .pass: .neutral
    case .unconfirmed, .inconclusive, .unavailable, .suppressed: .unclear
    }
  }
}
