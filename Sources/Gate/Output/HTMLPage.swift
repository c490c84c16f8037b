internal import Charts
internal import Glibc
internal import Model
internal import Results

extension GateVerdict {
  /// The verdict as one HTML page without scripts and without anything to load: banner, findings, a forest plot of the
  /// ratios, every comparison, and what is needed to do it again.
  public var html: String {
    let title = "contend gate: \(headline)"
    let parts = [
      "<h1 class=\"\(passed ? "good" : "bad")\">\(title.inXML)</h1>", findingList, forestPlots, comparisonTable,
      "<h2>How</h2>", facts,
    ]
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width,initial-scale=1">
      <title>\(title.inXML)</title>
      <style>\(StyleSheet.css)\(Self.css)</style></head><body>
      \(parts.joined(separator: "\n"))
      </body></html>

      """
  }

  private static let css = """
    body{font:16px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);max-width:70rem;margin:auto;padding:1rem}
    h1{font-size:1.4rem}h1.bad{border-left:.5rem solid var(--bad);padding-left:.7rem}
    h1.good{border-left:.5rem solid var(--good);padding-left:.7rem}
    .scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
    th,td{padding:.2rem .7rem;text-align:left;border-bottom:1px solid var(--grid)}td.n,th.n{text-align:right}
    """

  private var findingList: String {
    guard !findings.isEmpty else { return "" }
    let items = findings.map { finding in
      let place = finding.cell.map { "\($0.title.inXML): " } ?? ""
      let kind = finding.conclusion == .passed ? "note" : finding.kind.rawValue
      return "<li><strong>\(kind)</strong> \(place)\(finding.message.inXML)</li>"
    }
    return "<h2>Findings</h2>\n<ul>\n\(items.joined(separator: "\n"))\n</ul>"
  }

  /// One plot for each metric that is a ratio: the limits of a rule are those of a metric.
  private var forestPlots: String {
    GateMetric.allCases.filter(\.isRatio).compactMap(forestPlot).joined(separator: "\n")
  }

  private func forestPlot(_ metric: GateMetric) -> String? {
    let rows = comparisons.filter { $0.metric == metric && $0.shown != nil }
    guard !rows.isEmpty else { return nil }
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
    return "<h2>\(metric.title)</h2>\n\(chart.responsiveSVG(id: "gate-\(metric.rawValue)"))"
  }

  private var comparisonTable: String {
    guard !comparisons.isEmpty else { return "" }
    let heads = ["cell", "metric", "base", "candidate", "change of cost (90 % interval)", "n", "verdict", "meaning"]
    let rows = byWeight.map { comparison in
      let numbers = [
        comparison.metric.text(comparison.base), comparison.metric.text(comparison.candidate), comparison.changeText,
        comparison.countText,
      ]
      return "<tr><td>\(comparison.cell.title.inXML)</td><td>\(comparison.metric.title)</td>"
        + numbers.map { "<td class=\"n\">\($0.inXML)</td>" }.joined()
        + "<td>\(comparison.verdictText.inXML)</td><td>\(comparison.sentence.inXML)</td></tr>"
    }
    let head = heads.enumerated().map { "<th\((2...5).contains($0.offset) ? " class=\"n\"" : "")>\($0.element)</th>" }
    return "<h2>Comparisons</h2>\n<div class=\"scroll\"><table>\n<thead><tr>\(head.joined())</tr></thead>\n<tbody>\n"
      + rows.joined(separator: "\n") + "\n</tbody></table></div>"
  }

  private var facts: String {
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
    return "<ul>\n\(lines.map { "<li>\($0.inXML)</li>" }.joined(separator: "\n"))\n</ul>"
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
