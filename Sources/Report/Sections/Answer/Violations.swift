internal import Model
internal import Words

extension Section {
  /// What was broken, with the evidence and a command that shows it again. Findings that nobody expected come first.
  static func violations(_ study: Study) -> Section? {
    guard !study.cells.isEmpty else { return nil }
    let findings = study.points.flatMap { point in point.cells.flatMap { Finding.all(study, point, $0) } }
    let unexpected = findings.filter { !$0.isExpected }
    let expected = findings.filter(\.isExpected)
    var blocks: [Block] = []
    if !unexpected.isEmpty {
      blocks += [.heading("Where none is allowed")] + Block.folding(table(unexpected, study), most: 20, "finding")
      blocks += commands(unexpected, study)
    }
    if !expected.isEmpty {
      blocks += [
        .heading("Where they were expected"),
        .paragraph(
          """
          Controls protect nothing, or too little, on purpose: that they are caught shows that the checkers of this very \
          run work.
          """),
      ]
      blocks += Block.folding(table(expected, study), most: 20, "finding")
      blocks.append(.details(summary: "Commands to see them again", commands(expected, study)))
    }
    if findings.isEmpty { blocks.append(.paragraph("No checker found a violation.")) }
    blocks += allowed(study)
    return Section(
      id: "violations", title: "Violations",
      introduction: findings.isEmpty
        ? ""
        : """
        What checkers found in the final state of the records and in what the workers were told, summed over the \
        repetitions; the evidence is that of the first finding.
        """,
      blocks: blocks)
  }

  /// What was found and is no violation; empty when nothing was.
  private static func allowed(_ study: Study) -> [Block] {
    let found = study.points.flatMap { point in
      point.cells.flatMap { cell in cell.allowed.map { (point: point, cell: cell, anomaly: $0) } }
    }
    if found.isEmpty { return [] }
    let table = Table(
      caption: "Anomalies that are allowed",
      columns: [.words("strategy"), .words("where"), .words("what"), .number("times"), .words("meaning")],
      rows: found.map { point, cell, anomaly in
        .cells([
          study.field(cell), Table.Cell(study.place(point)), Table.Cell(anomaly.kind.rawValue),
          Table.Cell(formatCount(anomaly.count)), Table.Cell(anomaly.kind.meaning),
        ])
      }
    ).withoutEmptyColumns()
    return [
      .heading("Where the isolation that is promised allows them"),
      .paragraph(
        "Anomalies of transactions that are no violation, because the strategy does not promise to prevent them."),
    ] + Block.folding(table, most: 20, "finding")
  }

  private static func table(_ findings: [Finding], _ study: Study) -> Table {
    Table(
      caption: "Violations",
      columns: [
        .words("strategy"), .words("where"), .words("what"), .number("operations"), .number("trials"),
        .words("expected"), .words("found"), .words("evidence"),
      ],
      rows: findings.map { finding in
        .cells([
          study.field(finding.cell), Table.Cell(study.place(finding.point)),
          Table.Cell(Line([.strong(finding.first.kind.rawValue)]), tone: finding.isExpected ? .doubtful : .bad),
          Table.Cell(formatCount(finding.count)), Table.Cell("\(finding.trials) of \(finding.cell.measurements.count)"),
          Table.Cell(finding.first.expected), Table.Cell(finding.first.observed), Table.Cell(finding.first.evidence),
        ])
      }
    ).withoutEmptyColumns()
  }

  /// One command per cell, the first few.
  private static func commands(_ findings: [Finding], _ study: Study) -> [Block] {
    var lines: [String] = []
    for finding in findings {
      let command = Reproduction.command(of: finding.cell, in: study.runs[finding.point.run])
      if !lines.contains(command) { lines.append(command) }
    }
    return [.code(lines.prefix(20).map { $0 + "\n" }.joined(), language: "sh")]
  }
}

/// One kind of violation of one cell.
private struct Finding {
  let point: Point
  let cell: CellSummary
  let first: Violation
  /// Operations concerned, over all repetitions.
  let count: Int64
  /// Repetitions that showed it.
  let trials: Int

  var isExpected: Bool { cell.isAsExpected ?? false }

  /// All kinds of a cell, the worst first and then in the order in which they were found.
  static func all(_ study: Study, _ point: Point, _ cell: CellSummary) -> [Finding] {
    var kinds: [Violation.Kind] = []
    for violation in cell.measurements.flatMap(\.violations) where !kinds.contains(violation.kind) {
      kinds.append(violation.kind)
    }
    return kinds.worstFirst.compactMap { kind in
      let found = cell.measurements.map { trial in trial.violations.filter { $0.kind == kind } }.filter { !$0.isEmpty }
      guard let first = found.first?.first else { return nil }
      return Finding(
        point: point, cell: cell, first: first, count: found.joined().reduce(0) { $0 + $1.count }, trials: found.count)
    }
  }
}
