public import Model
internal import Words

/// The table that ends a run: one row per cell, grouped by variant when settings are swept.
///
/// In a group, cells that passed are ranked by their goodput. Cells for which it cannot be told stand apart, and cells that broke
/// an invariant stand below a rule: the speed of wrong results is no merit.
public struct SummaryTable {
  private let results: [TrialResult]
  private let variants: [String]
  private let isComplete: Bool
  /// Narrower outputs are laid out at this width: the essential columns need it.
  static let leastWidth = 64

  /// - Parameters:
  ///   - results: every trial that ran, in order.
  ///   - variants: names of the variants in the order of their groups; others follow as they appear in the results.
  ///   - isComplete: false when the run ended early; its exit code then does not follow from its cells.
  public init(_ results: [TrialResult], variants: [String] = [], isComplete: Bool = true) {
    self.results = results
    self.variants = variants
    self.isComplete = isComplete
  }

  /// The table and its footnotes, each line with a line feed, none longer than the width.
  public func text(for style: TerminalStyle) -> String {
    let cells = CellSummary.summaries(of: results)
    guard !cells.isEmpty else { return "no trial was run\n" }
    let width = max(Self.leastWidth, style.width)
    let fit = ColumnFit(cells, width: width)
    var lines = [header(fit)]
    for variant in order(of: cells) {
      if !variant.isEmpty { lines.append(rule(variant.printable, fit)) }
      lines += group(cells.filter { $0.cell.variant == variant }, variant, fit, style)
    }
    let notes = (leftOut(fit) + Footnotes(results, isComplete: isComplete).notes).flatMap { $0.wrapped(width) }
    if !notes.isEmpty { lines += [""] + notes }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The variants that ran, in the order of the scenario.
  private func order(of cells: [CellSummary]) -> [String] {
    let names = Set(cells.map(\.cell.variant))
    return (variants + cells.map(\.cell.variant)).filter(names.contains)
      .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// The cells of one variant: ranked, then those that are not, below rules.
  private func group(
    _ cells: [CellSummary], _ variant: String, _ fit: ColumnFit, _ style: TerminalStyle
  ) -> [String] {
    let prefix = variant.isEmpty ? "" : "\(variant.printable), "
    return Verdict.allCases.flatMap { verdict in
      let members = ranked(cells.filter { $0.verdict == verdict })
      guard let words = Self.words(for: verdict), !members.isEmpty else { return rows(members, fit, style) }
      return [rule(prefix + words, fit)] + rows(members, fit, style)
    }
  }

  /// What the rule above unranked cells says; nil for those that are ranked.
  private static func words(for verdict: Verdict) -> String? {
    switch verdict {
    case .pass: nil
    case .unknown: "unknown: it cannot be told, not ranked"
    case .violation: "violations: not ranked"
    }
  }

  /// The fastest first; cells without a goodput last, in the order of the scenario.
  private func ranked(_ cells: [CellSummary]) -> [CellSummary] {
    let rated = cells.enumerated().map { (index: $0.offset, rate: $0.element.goodputPerSecond ?? -1, cell: $0.element) }
    return rated.sorted { ($1.rate, $0.index) < ($0.rate, $1.index) }.map(\.cell)
  }

  private func header(_ fit: ColumnFit) -> String {
    line(fit.columns.map { aligned($0.column.rawValue, $0.column, $0.width) })
  }

  private func rows(_ cells: [CellSummary], _ fit: ColumnFit, _ style: TerminalStyle) -> [String] {
    cells.map { cell in
      line(
        fit.columns.map { column, width in
          guard column == .verdict else { return aligned(column.text(cell).shortened(width), column, width) }
          let text =
            fit.hasShortVerdicts
            ? shortVerdictWords(cell.verdict, cell.expectation) : column.text(cell).shortened(width)
          return style.coloured(text, verdictColour(cell.verdict, cell.expectation))
        })
    }
  }

  private func aligned(_ text: String, _ column: SummaryColumn, _ width: Int) -> String {
    if column == .verdict { return text }
    return column.isNumeric ? text.rightAligned(width) : text.leftAligned(width)
  }

  private func line(_ cells: [String]) -> String { cells.joined(separator: ColumnFit.gap) }

  private func rule(_ words: String, _ fit: ColumnFit) -> String {
    let start = "-- \(words.shortened(max(Self.leastWidth, fit.width) - 6)) "
    return start + String(repeating: "-", count: max(2, fit.width - start.count))
  }

  private func leftOut(_ fit: ColumnFit) -> [String] {
    var reasons: [String] = []
    for entry in fit.leftOut where !reasons.contains(entry.reason) { reasons.append(entry.reason) }
    let groups = reasons.map { reason in
      let names = fit.leftOut.filter { $0.reason == reason }.map(\.column.rawValue)
      return "\(names.joined(separator: ", ")) (\(reason))"
    }
    return groups.isEmpty ? [] : ["columns left out: \(groups.joined(separator: "; "))"]
  }
}
