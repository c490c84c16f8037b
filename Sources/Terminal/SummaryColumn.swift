internal import Model
internal import Words

/// A column of the summary table.
enum SummaryColumn: String, CaseIterable {
  case strategy, workers
  case goodput = "goodput/s"
  case p50, p99
  case p999 = "p99.9"
  case tries = "tries/op"
  case deadlocks
  case gaveUp = "gave up"
  case unknown, violations, verdict

  /// Whether numbers are in it, which line up on the right.
  var isNumeric: Bool { self != .strategy && self != .verdict }

  /// Columns that say nothing when empty: the first to go when there is no room.
  static let droppedWhenEmpty: [SummaryColumn] = [.unknown, .gaveUp, .deadlocks, .p999, .p99, .p50, .tries]
  /// Columns that explain the others, the least important first: they go when there is no room.
  static let secondRank: [SummaryColumn] = [.p999, .gaveUp, .unknown, .deadlocks, .p50, .tries]
  /// Columns that go last, after labels were cut. Those in no list name a cell or judge it, and stay.
  static let firstRank: [SummaryColumn] = [.p99, .violations]

  /// What the column says of a cell; `-` when it is not known.
  func text(_ cell: CellSummary) -> String {
    switch self {
    case .strategy: cell.cell.strategy.printable
    case .workers: formatCount(cell.cell.workers)
    case .goodput: cell.goodputPerSecond.map(formatRate) ?? "-"
    case .p50: Self.percentile(cell, 0.5)
    case .p99: Self.percentile(cell, 0.99)
    case .p999: Self.percentile(cell, 0.999)
    case .tries: cell.triesPerOperation.map { formatDecimal($0, digits: 2) } ?? "-"
    case .deadlocks: formatCount(cell.counted[.deadlock])
    case .gaveUp: formatCount(cell.measured[.gaveUp])
    case .unknown: formatCount(cell.counted[.unknown])
    case .violations: formatCount(cell.violationCount)
    case .verdict: verdictWords(cell.verdict, cell.expectation)
    }
  }

  /// Why a column without information is left out, given the texts of its cells; nil when it has information.
  func emptiness(_ texts: [String]) -> String? {
    if texts.allSatisfy({ $0 == "0" }) { return "all zero" }
    guard texts.allSatisfy({ $0 == "-" }) else { return nil }
    return self == .tries ? "no operation ended" : "too few samples"
  }

  private static func percentile(_ cell: CellSummary, _ quantile: Double) -> String {
    cell.latency.supportedValue(atQuantile: quantile).map { formatDuration(nanoseconds: $0) } ?? "-"
  }
}
