/// A table: the form in which every figure of a page can be read and copied.
struct Table: Sendable {
  /// A column.
  struct Column: Sendable {
    var title: String
    /// Whether numbers are in it, which line up on the right.
    var isNumeric = true

    /// A column of words.
    static func words(_ title: String) -> Column { Column(title: title, isNumeric: false) }
    /// A column of numbers.
    static func number(_ title: String) -> Column { Column(title: title) }
  }

  /// A row: cells, or words that stand above the rows that follow.
  enum Row: Sendable {
    case cells([Cell])
    case group(String, Tone)
  }

  /// One field.
  struct Cell: Sendable, ExpressibleByStringLiteral {
    var line: Line
    var tone = Tone.neutral
    /// Position of a strategy in the study: shows its mark as the charts do.
    var strategy: Int?
    /// A length from 0 to 1 shown as a bar beside the words.
    var share: Double?

    init(_ line: Line, tone: Tone = .neutral, strategy: Int? = nil, share: Double? = nil) {
      self.line = line
      self.tone = tone
      self.strategy = strategy
      self.share = share
    }
    init(_ text: String, tone: Tone = .neutral, strategy: Int? = nil, share: Double? = nil) {
      self.init(Line(text), tone: tone, strategy: strategy, share: share)
    }
    init(stringLiteral text: String) { self.init(Line(text)) }
  }

  /// What the table shows, for those who hear it.
  var caption: String
  var columns: [Column]
  var rows: [Row]

  /// Without columns whose every field is empty or a dash; the first column always stays.
  func withoutEmptyColumns() -> Table {
    let kept = columns.indices.filter { column in
      column == 0
        || rows.contains { row in
          guard case .cells(let cells) = row, column < cells.count else { return false }
          return !["", "-"].contains(cells[column].line.plainText)
        }
    }
    var table = self
    table.columns = kept.map { columns[$0] }
    table.rows = rows.map { row in
      guard case .cells(let cells) = row else { return row }
      return .cells(kept.map { $0 < cells.count ? cells[$0] : "" })
    }
    return table
  }
}
