internal import Analysis
public import Model
internal import Words

/// What a gate of a scenario against itself shows: how much two equal arms differ, and how many pairs of blocks it then
/// takes to detect a growth of the cost.
///
/// Noise is not the same an hour later: a gate estimates its own, and this is for choosing blocks, slices and sizes.
public struct Calibration: Sendable {
  /// Growths of the cost whose number of pairs is stated.
  public static let growths = [0.05, 0.1, 0.2]

  /// One metric of one cell.
  public struct Row: Sendable, Equatable {
    /// The cell.
    public let cell: Cell
    /// The metric, one that is compared by its ratio.
    public let metric: GateMetric
    /// Standard deviation of the logarithm of the ratio of a pair of blocks; nil when it could not be measured.
    public let deviation: Double?
    /// Pairs of blocks behind it.
    public let count: Int

    /// About how many pairs tell no growth from one of this size, with 5 % error each way.
    public func pairs(detecting growth: Double) -> Int? {
      deviation.flatMap { neededPairs(deviation: $0, size: logOfGrowth(growth)) }
        .map { max($0, CostDifference.leastPairs) }
    }
  }

  /// The rows, in the order of the cells.
  public let rows: [Row]
  /// Pairs of slices that were taken out because others disturbed one of the two, of all.
  public let discarded: (count: Int, of: Int)

  /// Reads the noise from the verdict on two equal arms.
  public init(_ verdict: GateVerdict) {
    rows = verdict.comparisons.filter { $0.metric.isRatio && $0.verdict != .suppressed }.map {
      Row(cell: $0.cell, metric: $0.metric, deviation: $0.screening?.deviation, count: $0.screening?.count ?? 0)
    }
    discarded = verdict.discards.reduce((0, 0)) { ($0.0 + $1.discarded, $0.1 + $1.measured) }
  }

  /// A table for people.
  public var text: String {
    let head = ["cell", "metric", "noise of a pair"] + Self.growths.map { "+\(formatPercent($0))" }
    let body = rows.map { row in
      [
        row.cell.title.printable, row.metric.title,
        row.deviation.map { formatPercent($0, digits: 2) } ?? "-",
      ]
        + Self.growths.map { growth in row.pairs(detecting: growth).map { "\($0)" } ?? "-" }
    }
    let table = [head] + body
    let widths = head.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    let lines = table.map { line in
      line.enumerated().map { column, text in
        column < 2 ? text.leftAligned(widths[column]) : text.rightAligned(widths[column])
      }.joined(separator: "  ").withoutTrailing()
    }
    return lines.joined(separator: "\n")
      + "\n\nnoise: standard deviation of the ratio of a pair of blocks; then the pairs of blocks (gate.blocks) that\n"
      + "detect a growth of the cost, with 5 % error each way. \(discarded.count) of \(discarded.of) pairs of slices were"
      + " disturbed by others.\n"
  }

  /// The same for programs.
  public var json: String {
    let cells = rows.map { row -> JSON in
      .object([
        ("cell", .string(row.cell.title)), ("metric", .string(row.metric.rawValue)),
        ("deviation", .number(row.deviation)), ("pairs", .integer(row.count)),
        (
          "pairs_to_detect",
          .object(
            Self.growths.map { growth in
              (formatDecimal(growth, digits: 2), .integer(row.pairs(detecting: growth)))
            })
        ),
      ])
    }
    return JSON.object([
      ("schema_version", .integer(1)), ("comparisons", .array(cells)),
      ("discarded_pairs_of_slices", .integer(discarded.count)),
      ("measured_pairs_of_slices", .integer(discarded.of)),
    ]).text() + "\n"
  }
}
