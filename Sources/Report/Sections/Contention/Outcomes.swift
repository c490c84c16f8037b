internal import Model
internal import Words

extension Section {
  /// How operations and attempts ended, where that is not the same for all.
  static func outcomes(_ study: Study) -> Section? {
    let measured = study.cells.filter { $0.measured.outcomes > 0 }
    guard !measured.isEmpty else { return nil }
    let operations = study.points.filter { point in
      point.cells.contains { $0.measured[.committed] < $0.measured.outcomes }
    }.compactMap { figure(study, $0, "How operations ended", Outcomes.operations) }
    let attempts = study.points.filter { point in point.cells.contains { $0.measured.failedAttempts > 0 } }
      .compactMap { figure(study, $0, "How attempts ended", Outcomes.attempts) }
    var blocks: [Block] = []
    if operations.isEmpty {
      blocks.append(.paragraph("Every operation that ended in a measured window committed."))
    } else {
      blocks += [.heading("Operations")] + Block.folding(operations)
    }
    if attempts.isEmpty {
      blocks.append(.paragraph("No attempt failed."))
    } else {
      blocks += [.heading("Attempts")] + Block.folding(attempts)
    }
    return Section(
      id: "outcomes", title: "Outcomes and attempts",
      introduction: """
        An operation may take several attempts. Refused: the business rule said no. Gave up: the retry policy ran out. \
        Unknown: the answer to the deciding request was lost, so it may have happened.
        """,
      blocks: blocks)
  }

  private static func figure(
    _ study: Study, _ point: Point, _ title: String, _ parts: [(counter: Counter, name: String)]
  ) -> Figure? {
    StackedShares(
      study: study, point: point, title: title, parts: parts.map(\.name),
      rows: point.cells.map { cell in
        StackedShares.Row(cell: cell, amounts: parts.map { Double(cell.measured[$0.counter]) })
      }, format: { formatCount(Int64($0)) }
    ).figure
  }
}

/// What counters are called on the page.
private enum Outcomes {
  static let operations: [(counter: Counter, name: String)] = [
    (.committed, "committed"), (.refused, "refused"), (.gaveUp, "gave up"), (.failed, "failed"), (.unknown, "unknown"),
  ]
  static let attempts: [(counter: Counter, name: String)] = [
    (.committed, "committed"), (.refused, "refused"), (.conflict, "conflict"), (.deadlock, "deadlock"),
    (.lockTimeout, "lock timeout"), (.notAcquired, "not acquired"), (.leaseLost, "lease lost"),
    (.connectionLost, "connection lost"), (.ambiguous, "answer lost"), (.error, "error"),
  ]
}
