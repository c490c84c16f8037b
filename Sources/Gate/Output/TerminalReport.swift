internal import Model
internal import Words

extension GateVerdict {
  /// The verdict for a terminal, without a row for what passed: no line is longer than the width, which is at least 72.
  public func terminalText(width: Int) -> String {
    let width = max(72, width)
    var lines = "contend gate: \(headline)".wrapped(width)
    for finding in findings {
      let place = finding.cell.map { "\($0.title): " } ?? ""
      let isNote = finding.conclusion == .passed
      lines += "\(isNote ? "note" : finding.kind.rawValue): \(place)\(finding.message)".wrapped(width)
    }
    let rows = byWeight.filter { ![.pass, .suppressed, .unavailable].contains($0.verdict) }
    if !rows.isEmpty { lines += [""] + table(rows, width: width) }
    lines += sentences(width)
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: - Table

  private func table(_ rows: [GateComparison], width: Int) -> [String] {
    var columns: [(name: String, isNumeric: Bool, text: (GateComparison) -> String)] = [
      ("cell", false, { $0.cell.title.printable }), ("metric", false, { $0.metric.title }),
      ("base", true, { $0.metric.text($0.base) }), ("candidate", true, { $0.metric.text($0.candidate) }),
      ("change", true, { $0.changeText }), ("n", true, { $0.countText }), ("verdict", false, { $0.verdictText }),
    ]
    var texts = columns.map { column in [column.name] + rows.map(column.text) }
    func lineWidth() -> Int { texts.reduce(2 * (texts.count - 1)) { $0 + ($1.map(\.count).max() ?? 0) } }
    // The absolute values go first when there is no room; then the names are cut.
    for name in ["n", "base", "candidate"] where lineWidth() > width {
      if let index = columns.firstIndex(where: { $0.name == name }) {
        columns.remove(at: index)
        texts.remove(at: index)
      }
    }
    if lineWidth() > width { texts[0] = ["cell"] + rows.map { $0.cell.shortTitle.printable } }
    let excess = lineWidth() - width
    if excess > 0 {
      let room = max(8, (texts[0].map(\.count).max() ?? 0) - excess)
      texts[0] = texts[0].map { $0.shortened(room) }
    }
    let widths = texts.map { $0.map(\.count).max() ?? 0 }
    return (0...rows.count).map { row in
      let cells = columns.indices.map { column in
        let (text, width) = (texts[column][row], widths[column])
        return columns[column].isNumeric ? text.rightAligned(width) : text.leftAligned(width)
      }
      return cells.joined(separator: "  ").withoutTrailing()
    }
  }

  // MARK: - Notes

  private func sentences(_ width: Int) -> [String] {
    var notes = comparisons.filter { $0.conclusion != .passed || $0.waiver != nil }.map {
      "\($0.cell.title), \($0.metric.title): \($0.sentence)"
    }
    let measured = discards.reduce(0) { $0 + $1.measured }
    let discarded = discards.reduce(0) { $0 + $1.discarded }
    if discarded > 0 {
      notes.append(
        "\(discarded) of \(measured) pairs of slices were taken out: others used the CPU during one of the two")
    }
    if let powerText { notes.append(powerText) }
    if !comparisons.isEmpty { notes.append(methodText) }
    return notes.isEmpty ? [] : [""] + notes.flatMap { $0.wrapped(width) }
  }
}

extension Cell {
  /// The title where there is little room: the number of workers without the word.
  fileprivate var shortTitle: String { "\(strategy), \(workers)" + (variant.isEmpty ? "" : ", \(variant)") }
}
