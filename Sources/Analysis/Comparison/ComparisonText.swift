internal import Words

extension Comparison {
  /// Narrower outputs are laid out at this width: the tables need it.
  private static let leastWidth = 76

  /// The comparison for a terminal: each line with a line feed, none longer than the width.
  public func text(width: Int) -> String {
    let width = max(Self.leastWidth, width)
    let notes = ComparisonNotes(self)
    var blocks = [heading(width), notes.warnings.flatMap { $0.wrapped(width) }]
    if !cells.isEmpty { blocks.append(plain(ComparisonTable.correctness(self), width)) }
    let speed = ComparisonTable.speed(self)
    if !speed.rows.isEmpty { blocks.append(lines(of: speed, width)) }
    blocks.append((notes.leftOut + notes.explanations + notes.conclusion).flatMap { $0.wrapped(width) })
    return blocks.filter { !$0.isEmpty }.map { $0.map { $0 + "\n" }.joined() }.joined(separator: "\n")
  }

  private func heading(_ width: Int) -> [String] {
    ["base: \(base.name) in \(base.path)", "candidate: \(candidate.name) in \(candidate.path)"].flatMap {
      $0.wrapped(width)
    }
  }

  /// One table, the name of a cell shown once, where names have room; else each cell as a heading above its figures.
  private func lines(of table: ComparisonTable, _ width: Int) -> [String] {
    let widths = Self.widths(table)
    let hasRoom = Self.total(widths) <= width
    var lines = [Self.line(table.header, table, widths, hasFirst: hasRoom)]
    for (row, previous) in zip(table.rows, [nil] + table.rows.map { $0[0] }) {
      let isNew = row[0] != previous
      if isNew && !hasRoom { lines.append(row[0].shortened(width)) }
      lines.append(Self.line([isNew ? row[0] : ""] + row.dropFirst(), table, widths, hasFirst: hasRoom))
    }
    return lines
  }

  /// A table whose first column gives way where there is no room.
  private func plain(_ table: ComparisonTable, _ width: Int) -> [String] {
    var widths = Self.widths(table)
    widths[0] -= max(0, Self.total(widths) - width)
    return ([table.header] + table.rows).map { row in
      Self.line([row[0].shortened(widths[0])] + row.dropFirst(), table, widths)
    }
  }

  private static func line(
    _ row: [String], _ table: ComparisonTable, _ widths: [Int], hasFirst: Bool = true
  ) -> String {
    let fields = row.enumerated().map { index, text in
      table.numeric.contains(index) ? text.rightAligned(widths[index]) : text.leftAligned(widths[index])
    }
    return (hasFirst ? fields : [""] + fields.dropFirst()).joined(separator: "  ").withoutTrailing()
  }

  private static func widths(_ table: ComparisonTable) -> [Int] {
    table.header.indices.map { column in
      ([table.header] + table.rows).map { $0[column].count }.max() ?? 0
    }
  }

  private static func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + 2 * (widths.count - 1) }
}
