internal import Words

extension GateVerdict {
  /// The verdict in GitHub's Markdown, for a step summary or a comment.
  ///
  /// The twenty comparisons that matter most are shown, the others are folded; with very many cells these are left out,
  /// because GitHub drops a summary above 1 MiB altogether.
  ///
  /// - Parameter limit: greatest length in bytes.
  public func markdown(limit: Int = 900 * 1024) -> String {
    let visible = byWeight.filter {
      $0.conclusion != .passed || [.regressed, .improved, .unconfirmed].contains($0.verdict)
    }
    let rest = byWeight.filter { comparison in !visible.contains(comparison) }
    var text = "### contend gate: \(headline)\n\n"
    text += findings.prefix(20).map { finding in
      let place = finding.cell.map { " \($0.title.inMarkdown):" } ?? ""
      return
        "- **\(finding.conclusion == .passed ? "note" : finding.kind.rawValue)**\(place) \(finding.message.inMarkdown)\n"
    }.joined()
    if findings.count > 20 { text += "- and \(findings.count - 20) more findings\n" }
    if !findings.isEmpty { text += "\n" }
    if !visible.isEmpty { text += Self.table(visible.prefix(20)) + "\n" }
    let closing = ([powerText, comparisons.isEmpty ? nil : methodText].compactMap { $0 }).map { "\($0)\n" }
      .joined(separator: "\n")
    let folded = Array(visible.dropFirst(20)) + rest
    let details =
      "<details><summary>\(folded.count) other comparisons</summary>\n\n\(Self.table(folded[...]))\n</details>\n\n"
    if !folded.isEmpty {
      let fits = text.utf8.count + details.utf8.count + closing.utf8.count <= limit
      text += fits ? details : "\(folded.count) other comparisons are left out; verdict.json has them.\n\n"
    }
    return text + closing
  }

  private static func table(_ comparisons: ArraySlice<GateComparison>) -> String {
    let head =
      "| cell | metric | base | candidate | change of cost (90 % interval) | n | verdict |\n|---|---|---:|---:|---:|---:|---|\n"
    return head
      + comparisons.map { comparison in
        let verdict = comparison.conclusion == .passed ? comparison.verdictText : "**\(comparison.verdictText)**"
        return [
          "", comparison.cell.title.inMarkdown, comparison.metric.title, comparison.metric.text(comparison.base),
          comparison.metric.text(comparison.candidate), comparison.changeText, comparison.countText, verdict, "",
        ].joined(separator: " | ").dropFirst().dropLast() + "\n"
      }.joined()
  }
}
