internal import Words

/// Renders tables. Each scrolls inside its own box where the page is narrower, and can be reached by keyboard then.
enum HTMLTable {
  /// The table in its box.
  static func node(_ table: Table) -> HTMLNode {
    let head = table.columns.map { column in
      HTMLNode.element(
        "th", [("scope", "col")] + (column.isNumeric ? [("class", "number")] : []), [.text(column.title)])
    }
    return element(
      "div", [("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", table.caption)],
      [
        element(
          "table", [],
          [
            element("caption", text: table.caption),
            element("thead", [], [element("tr", [], head)]),
            element("tbody", [], table.rows.map { row($0, table.columns) }),
          ])
      ])
  }

  /// Running text.
  static func spans(_ line: Line) -> [HTMLNode] {
    line.spans.map { span in
      switch span {
      case .text(let text): .text(text)
      case .strong(let text): element("strong", text: text)
      case .code(let text): element("code", text: text)
      }
    }
  }

  private static func row(_ row: Table.Row, _ columns: [Table.Column]) -> HTMLNode {
    switch row {
    case .group(let title, let tone):
      return element(
        "tr", class: "group \(tone.rawValue)",
        [element("th", [("colspan", "\(columns.count)"), ("scope", "rowgroup")], [element("span", text: title)])])
    case .cells(let cells):
      return element("tr", [], zip(cells, columns).enumerated().map { field($1.0, $1.1, isFirst: $0 == 0) })
    }
  }

  private static func field(_ cell: Table.Cell, _ column: Table.Column, isFirst: Bool) -> HTMLNode {
    var classes = column.isNumeric ? ["number"] : []
    if cell.tone != .neutral { classes.append(cell.tone.rawValue) }
    var content = spans(cell.line)
    if let strategy = cell.strategy { content.insert(StrategyMark.node(strategy), at: 0) }
    if let share = cell.share { content.append(bar(share)) }
    var attributes: [(name: StaticString, value: String)] = []
    if !classes.isEmpty { attributes.append(("class", classes.joined(separator: " "))) }
    guard isFirst else { return element("td", attributes, content) }
    return element("th", [("scope", "row")] + attributes, content)
  }

  private static func bar(_ share: Double) -> HTMLNode {
    let percent = share.isFinite ? min(100, max(0, Int((share * 100).rounded()))) : 0
    return element(
      "span", [("class", "share"), ("aria-hidden", "true")],
      [element("span", [("style", "width:\(percent)%")], [])])
  }
}
