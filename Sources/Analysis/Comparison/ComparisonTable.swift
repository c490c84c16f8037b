internal import Model
internal import Words

/// What a comparison says as tables of words: every output shows the same.
public struct ComparisonTable: Sendable {
  /// Headings of the columns.
  public let header: [String]
  /// Columns that line up on the right.
  public let numeric: Set<Int>
  /// One row each; as many fields as headings.
  public let rows: [[String]]

  /// Verdicts side by side.
  public static func correctness(_ comparison: Comparison) -> ComparisonTable {
    ComparisonTable(
      header: ["cell", "base", "violations", "candidate", "violations"], numeric: [2, 4],
      rows: comparison.cells.map { cell in
        [cell.name]
          + [cell.base, cell.candidate].flatMap { side in
            [shortVerdictWords(side.verdict, side.expectation), formatCount(side.violationCount)]
          }
      })
  }

  /// Figures side by side: one row per comparable cell and metric that at least one side has.
  public static func speed(_ comparison: Comparison) -> ComparisonTable {
    ComparisonTable(
      header: ["cell", "figure", "base", "candidate", "ratio", "interval", "candidate is"], numeric: [2, 3, 4, 5],
      rows: comparison.cells.filter(\.isComparable).flatMap { cell in
        ComparedMetric.allCases.compactMap { row(cell, $0) }
      })
  }

  private static func row(_ cell: ComparedCell, _ metric: ComparedMetric) -> [String]? {
    let (base, candidate) = (metric.value(of: cell.base), metric.value(of: cell.candidate))
    if base == nil && candidate == nil { return nil }
    if metric == .gaveUp && (base ?? 0) == 0 && (candidate ?? 0) == 0 { return nil }
    let start = [cell.name, metric.name, metric.text(base), metric.text(candidate)]
    guard let ratio = cell.ratio(metric) else { return start + ["-", "-", "-"] }
    return start + [formatRatio(ratio.point), intervalText(ratio), words(ratio, metric)]
  }

  private static func words(_ ratio: RatioInterval, _ metric: ComparedMetric) -> String {
    if ratio.low == 1 && ratio.high == 1 { return "the same" }
    guard ratio.pairs >= RatioInterval.leastPairs else { return "unclear: too few" }
    return ratio.isSeparated ? metric.words(forRatio: ratio) : "not told apart"
  }

  /// Square brackets for an interval with a confidence, round ones for a range.
  private static func intervalText(_ ratio: RatioInterval) -> String {
    let ends = "\(formatRatio(ratio.low)), \(formatRatio(ratio.high))"
    return ratio.method == .range ? "(\(ends))" : "[\(ends)]"
  }
}

/// The notes under the tables, in sentences.
public struct ComparisonNotes: Sendable {
  private let comparison: Comparison

  /// The notes of a comparison.
  public init(_ comparison: Comparison) { self.comparison = comparison }

  /// What has to be known before any figure is looked at.
  public var warnings: [String] { comparison.warnings.map { "warning: \($0)" } }

  /// What is not in the table of speeds, and why.
  public var leftOut: [String] {
    obstacles + comparison.onlyInBase.map { "only in the base: \($0)" }
      + comparison.onlyInCandidate.map { "only in the candidate: \($0)" }
  }

  private var obstacles: [String] {
    var reasons: [String] = []
    for reason in comparison.cells.compactMap(\.obstacle) where !reasons.contains(reason) { reasons.append(reason) }
    return reasons.map { reason in
      let names = comparison.cells.filter { $0.obstacle == reason }.map(\.name)
      return "speed not compared, \(reason): \(names.joined(separator: "; "))"
    }
  }

  /// How the figures are to be read.
  public var explanations: [String] {
    let ratios = comparison.cells.flatMap { cell in ComparedMetric.allCases.compactMap(cell.ratio) }
    var notes: [String] = []
    if !ratios.isEmpty {
      notes.append("ratio: candidate / base; the figures beside it are of all repetitions together")
    }
    if ratios.contains(where: { $0.method != .range }) { notes.append("[ ]: 95 % interval, exact rank test") }
    if ratios.contains(where: { $0.method == .range }) {
      notes.append("( ): least and greatest ratio, too few repetitions for a 95 % interval")
    }
    if ratios.contains(where: { $0.leftOut > 0 }) {
      notes.append("repetitions that failed, were disturbed by others or had too few samples are not in the ratios")
    }
    if comparison.cells.contains(where: { !$0.isPaired }), !ratios.isEmpty {
      notes.append("two runs at different times: what changed on the machine between them is in no interval")
    }
    return notes + power
  }

  private var power: [String] {
    let passed = comparison.cells.flatMap { [$0.base, $0.candidate] }.filter { $0.verdict == .pass }
    guard let least = passed.map(\.examinedCount).min(), least > 0 else { return [] }
    let count = formatCount(least)
    return ["pass: 0 violations in at least \(count) operations each, true rate below 3/\(count) with 95 % confidence"]
  }

  /// The conclusion, last; nothing when everything was compared and nothing is wrong.
  public var conclusion: [String] {
    guard comparison.conclusion != .compared else { return [] }
    return newly + (comparison.conclusion == .incomparable ? [] : unknown)
      + ["exit code \(comparison.conclusion.rawValue): \(summary)"]
  }

  /// The conclusion in one sentence: the first cell concerned, and how many more there are.
  public var reason: String {
    let cells = newly.isEmpty ? unknown : newly
    guard let first = cells.first, comparison.conclusion != .incomparable else { return summary }
    return "\(summary); \(first)" + (cells.count > 1 ? ", and \(cells.count - 1) more" : "")
  }

  private var summary: String {
    switch comparison.conclusion {
    case .compared: "everything was compared"
    case .violated: "the candidate breaks what the base keeps"
    case .inconclusive: "a result is no longer known to be correct"
    case .incomparable: "no cell has a verdict on both sides"
    }
  }

  private var newly: [String] {
    comparison.cells.filter(\.isNewlyViolating).map { cell in
      "new violation (\(cell.name)): \(formatCount(cell.candidate.violationCount)) in the candidate, "
        + "the verdict of the base is \(cell.base.verdict.rawValue)"
    } + comparison.unmatchedViolations.map { "new violation (\($0)): the base has no such cell" }
  }

  private var unknown: [String] {
    comparison.cells.filter(\.isNewlyUnknown).map { "no longer known to be correct (\($0.name))" }
  }
}
