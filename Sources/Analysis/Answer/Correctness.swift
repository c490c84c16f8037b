internal import Model
internal import Words

/// Sentences on which strategies are correct; a strategy counts by the worst of its load points.
enum Correctness {
  static func correct(_ rankings: [Ranking]) -> [String] {
    let bad = Set(rankings.flatMap { $0.violating + $0.unknown }.map(\.cell.strategy))
    let cells = rankings.flatMap { $0.correct.map(\.cell) + $0.withoutFigure }.filter {
      !bad.contains($0.cell.strategy)
    }
    let names = distinct(cells)
    guard !names.isEmpty else { return ["No strategy is shown to be correct here."] }
    // The power is that of the weakest load point: nothing was pooled.
    let least = cells.map(\.examinedCount).min() ?? 0
    let bound = "0 violations in at least \(formatCount(least)) operations each: a true rate below "
    let subject = names.count == 1 ? "\(names[0]) is" : "\(listed(names)) are"
    return ["\(subject) correct here, with \(bound)3/\(formatCount(least)) with 95 % confidence."] + allowing(cells)
  }

  /// Who is correct because it promises little; else it would be taken for as good as the others.
  private static func allowing(_ cells: [CellSummary]) -> [String] {
    distinct(cells.filter { !$0.allowed.isEmpty }).map { name in
      let kinds = Set(cells.filter { $0.cell.strategy == name }.flatMap(\.allowed).map(\.kind.rawValue))
      return "\(name) promises less than transactions one after the other, and keeps only that: it let through "
        + listed(kinds.sorted()) + "."
    }
  }

  static func violating(_ rankings: [Ranking]) -> [String] {
    let cells = rankings.flatMap(\.violating)
    return distinct(cells).map { name in
      let own = cells.filter { $0.cell.strategy == name }
      let total = own.reduce(0) { $0 + $1.violationCount }
      let kinds = Set(own.flatMap(\.measurements).flatMap(\.violations).map(\.kind))
      let words = kinds.sorted { $0.rawValue < $1.rawValue }.worstFirst.map(\.rawValue).joined(separator: ", ")
      let role = own[0].isControl ? ", as a control without protection must" : ""
      return "\(name) is not correct: \(counted(total, "violation")) (\(words))"
        + place(own.count, cells: rankings.count, own) + "\(role). \(ranked(own.count, cells: rankings.count))"
    }
  }

  static func unknown(_ rankings: [Ranking]) -> [String] {
    let violating = Set(rankings.flatMap(\.violating).map(\.cell.strategy))
    let cells = rankings.flatMap(\.unknown).filter { !violating.contains($0.cell.strategy) }
    return distinct(cells).map { name in
      let own = cells.filter { $0.cell.strategy == name }
      let trials = own.flatMap(\.measurements)
      let reason = trials.compactMap(\.failure).first ?? trials.flatMap(\.checks).compactMap(\.remark).first
      return "Whether \(name) is correct cannot be told" + place(own.count, cells: rankings.count, own)
        + (reason.map { ": \($0)" } ?? "") + ". \(ranked(own.count, cells: rankings.count))"
    }
  }

  private static func ranked(_ count: Int, cells: Int) -> String {
    count == cells ? "It is not ranked." : "It is not ranked there."
  }

  /// Where, unless it is everywhere.
  private static func place(_ count: Int, cells: Int, _ own: [CellSummary]) -> String {
    guard count < cells else { return "" }
    guard count <= mostNamedPlaces else { return " at \(formatCount(count)) of \(counted(cells, "load point"))" }
    return " at " + listed(own.map { LoadPoint($0.cell).name })
  }
}

/// The strategies of cells, each once, in order.
func distinct(_ cells: [CellSummary]) -> [String] {
  cells.reduce(into: []) { if !$0.contains($1.cell.strategy) { $0.append($1.cell.strategy) } }
}
