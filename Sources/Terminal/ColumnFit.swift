internal import Model
internal import Words

/// The columns that fit into a width, and those that were left out.
struct ColumnFit {
  /// Columns in the order of the table, with their widths.
  private(set) var columns: [(column: SummaryColumn, width: Int)] = []
  /// Columns that were left out, and why.
  private(set) var leftOut: [(column: SummaryColumn, reason: String)] = []

  /// Whether verdicts are put in few letters, to keep a column that would have no room.
  private(set) var hasShortVerdicts = false

  /// Blanks between two columns.
  static let gap = "  "
  /// Labels of strategies are not cut below this many characters to keep a column of the second rank.
  private static let readableLabel = 26
  /// Labels of strategies are not cut below this many characters to keep a column of the first rank.
  private static let recognisableLabel = 20
  /// Labels are never cut below this many characters.
  private static let shortestLabel = 8

  /// Chooses columns for these cells.
  init(_ cells: [CellSummary], width: Int) {
    var texts: [SummaryColumn: [String]] = [:]
    for column in SummaryColumn.allCases { texts[column] = cells.map(column.text) }
    let hasLoadPoints = Set(cells.map(\.cell.workers)).count > 1
    columns = SummaryColumn.allCases.filter { $0 != .workers || hasLoadPoints }.map { column in
      (column, max(column.rawValue.count, texts[column, default: []].map(\.count).max() ?? 0))
    }
    for column in SummaryColumn.droppedWhenEmpty where excess(width, label: .max) > 0 {
      if let reason = column.emptiness(texts[column, default: []]) { leaveOut(column, reason) }
    }
    if excess(width, label: Self.readableLabel) > 0 { shortenVerdicts(cells) }
    for (rank, label) in [
      (SummaryColumn.secondRank, Self.readableLabel), (SummaryColumn.firstRank, Self.recognisableLabel),
    ] {
      for column in rank where excess(width, label: label) > 0 {
        let reason = column.emptiness(texts[column, default: []])
        leaveOut(column, reason ?? "no room in \(width) columns")
      }
    }
    cutLabels(by: excess(width, label: .max))
  }

  /// Characters in a line of the table.
  var width: Int { columns.reduce(0) { $0 + $1.width } + Self.gap.count * max(0, columns.count - 1) }

  /// By how much a line is too long when labels are cut to at most so many characters.
  private func excess(_ limit: Int, label: Int) -> Int {
    width - columns[0].width + min(columns[0].width, label) - limit
  }

  private mutating func shortenVerdicts(_ cells: [CellSummary]) {
    guard let index = columns.firstIndex(where: { $0.column == .verdict }) else { return }
    hasShortVerdicts = true
    columns[index].width = max(
      SummaryColumn.verdict.rawValue.count,
      cells.map { shortVerdictWords($0.verdict, $0.expectation).count }.max() ?? 0)
  }

  private mutating func leaveOut(_ column: SummaryColumn, _ reason: String) {
    guard let index = columns.firstIndex(where: { $0.column == column }) else { return }
    columns.remove(at: index)
    leftOut.append((column, reason))
  }

  private mutating func cutLabels(by excess: Int) {
    guard excess > 0 else { return }
    columns[0].width = max(Self.shortestLabel, columns[0].width - excess)
  }
}
