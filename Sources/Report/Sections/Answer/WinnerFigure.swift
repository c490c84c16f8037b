internal import Analysis
internal import Charts
internal import Words

/// A map of winners as a chart, and as a table of letters with their key.
struct WinnerFigure {
  private let map: WinnerMap
  private let study: Study
  /// Strategies that are first somewhere, may be, or were wrong; their order gives them their letters.
  private let strategies: [String]

  init(_ map: WinnerMap, _ study: Study) {
    (self.map, self.study) = (map, study)
    let named = Set(map.cells.flatMap { $0.outcome.strategies + $0.violating })
    strategies = study.strategies.filter(named.contains)
  }

  var figure: Figure {
    let title = map.store.isEmpty ? "Who is fastest where" : "Who is fastest where, with records in \(map.store)"
    let chart = WinnerChart(
      title: title, description: map.summary, columns: (map.columns.name, map.columns.values),
      rows: (map.rows.name, map.rows.values),
      panels: map.panels.map { panel in WinnerChart.Panel(panel.title, panel.cells.map { $0.map { $0.map(cell) } }) },
      entries: strategies.indices.map {
        WinnerChart.Entry(letter($0), strategies[$0], style: study.index(of: strategies[$0]))
      })
    return Figure(
      title: title, caption: map.summary, chart: chart, table: table(title), key: strategies.isEmpty ? nil : key(title))
  }

  private func cell(_ cell: WinnerMap.Cell) -> WinnerChart.Cell {
    let mark: WinnerChart.Mark =
      switch cell.outcome {
      case .winner(let name): .winner(position(name))
      case .undecided(let names): .undecided(names.map(position))
      case .violated: .crossedOut
      case .unknown: .unknown
      }
    return WinnerChart.Cell(mark, wrong: cell.violating.map(position), hover: cell.words)
  }

  private func table(_ title: String) -> Table {
    let corner = map.rows.name.isEmpty ? map.columns.name : "\(map.rows.name) \\ \(map.columns.name)"
    let rows = map.panels.flatMap { panel in
      (panel.title.isEmpty ? [] : [Table.Row.group(panel.title, .neutral)])
        + zip(map.rows.values, panel.cells).map { name, cells in
          .cells([Table.Cell(name)] + cells.map(field))
        }
    }
    return Table(caption: title, columns: [.words(corner)] + map.columns.values.map { .words($0) }, rows: rows)
  }

  private func field(_ cell: WinnerMap.Cell?) -> Table.Cell {
    guard let cell else { return "·" }
    let wrong = cell.violating.map { "✘" + letter(position($0)) }.joined(separator: " ")
    switch cell.outcome {
    case .winner(let name):
      return Table.Cell(Line([.strong(letter(position(name))), .text(wrong.isEmpty ? "" : " \(wrong)")]))
    case .undecided(let names):
      let letters = names.map { letter(position($0)) }
      return Table.Cell(Self.choice(letters) + (wrong.isEmpty ? "" : " \(wrong)"))
    case .violated: return Table.Cell("✘", tone: .bad)
    case .unknown: return Table.Cell(wrong.isEmpty ? "?" : "? \(wrong)")
    }
  }

  /// `A`, `A or B`, `A, B or C`.
  private static func choice(_ letters: [String]) -> String {
    guard letters.count > 1, let last = letters.last else { return letters.first ?? "" }
    return letters.dropLast().joined(separator: ", ") + " or " + last
  }

  /// What the letters stand for, and how often each is first.
  private func key(_ title: String) -> Table {
    func count(_ isCounted: (WinnerMap.Cell) -> Bool) -> Table.Cell {
      let count = map.cells.count(where: isCounted)
      return count == 0 ? "-" : Table.Cell(formatCount(count))
    }
    let rows = strategies.indices.map { index in
      let name = strategies[index]
      return Table.Row.cells([
        Table.Cell(letter(index)), Table.Cell(name, strategy: study.index(of: name)),
        count { $0.outcome == .winner(name) },
        count { if case .undecided(let names) = $0.outcome { names.contains(name) } else { false } },
        count { $0.violating.contains(name) },
      ])
    }
    return Table(
      caption: "\(title): the letters",
      columns: [
        .words("letter"), .words("strategy"), .number("first"), .number("perhaps first (\"or\")"),
        .number("broke an invariant (✘)"),
      ], rows: rows
    ).withoutEmptyColumns()
  }

  private func position(_ strategy: String) -> Int { strategies.firstIndex(of: strategy) ?? 0 }

  /// `A` to `Z`, then `A2` and so on.
  private func letter(_ index: Int) -> String {
    let letter = String(Unicode.Scalar(UInt8(ascii: "A") + UInt8(index % 26)))
    return index < 26 ? letter : "\(letter)\(index / 26 + 1)"
  }
}

extension WinnerMap.Outcome {
  /// Those that are, or may be, first.
  fileprivate var strategies: [String] {
    switch self {
    case .winner(let name): [name]
    case .undecided(let names): names
    case .violated, .unknown: []
    }
  }
}
