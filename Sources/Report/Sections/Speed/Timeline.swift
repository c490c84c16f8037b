internal import Charts
internal import Model
internal import Words

extension Section {
  /// Goodput over the seconds of the trials, a chart per load point: did it drift, stall, recover?
  static func timeline(_ study: Study) -> Section? {
    let figures = study.points.compactMap { Timelines(study, $0).figure }
    guard !figures.isEmpty else { return nil }
    return Section(
      id: "timeline", title: "Timeline",
      introduction: """
        Goodput second by second, the median of the repetitions with their range as a band. What came before zero was \
        warm-up and is in no other figure. Controls and cells that broke an invariant are left out.
        """,
      blocks: Block.folding(figures))
  }
}

/// The seconds of all trials at one load point.
private struct Timelines {
  /// Fewer measured seconds than this are no course of time.
  private static let fewest = 3

  let study: Study
  let point: Point

  init(_ study: Study, _ point: Point) {
    self.study = study
    self.point = point
  }

  private func places(_ cell: CellSummary) -> [LineChart.Point] {
    var rates: [Int: [(second: Double, rate: Double)]] = [:]
    for trial in cell.trials where trial.failure == nil {
      // The last interval of a window may be a rest too short to say anything.
      for entry in trial.timeline where entry.seconds > 0.3 {
        rates[Int(entry.second.rounded(.up)), default: []].append(
          (entry.second, Double(entry.committed) / entry.seconds))
      }
    }
    return rates.keys.sorted().compactMap { second in
      let entries = (rates[second] ?? []).sorted { $0.rate < $1.rate }
      guard let low = entries.first?.rate, let high = entries.last?.rate else { return nil }
      let middle = (entries[(entries.count - 1) / 2].rate + entries[entries.count / 2].rate) / 2
      return LineChart.Point(x: Double(second), y: middle, low: low, high: high)
    }
  }

  var figure: Figure? {
    let courses = point.cells.filter(\.isComparable).map { (cell: $0, places: places($0)) }
      .filter { course in course.places.filter { $0.x > 0 }.count >= Self.fewest }
    guard !courses.isEmpty else { return nil }
    let place = study.place(point)
    let rates = courses.flatMap(\.places).map(\.y).filter { $0 > 0 }
    let isWide = (rates.max() ?? 1) / (rates.min() ?? 1) > 20
    let start = courses.compactMap { $0.places.first?.x }.min() ?? 1
    let chart = LineChart(
      title: "Goodput over time" + (place.isEmpty ? "" : ", \(place)"),
      description: courses.map { description($0.cell, $0.places) }.joined(separator: "; "),
      x: Axis("seconds since the window opened", scale: .fitted),
      y: Axis("committed operations per second", scale: isWide ? .logarithmic : .linear, format: .count),
      series: courses.map { course in
        LineChart.Series(
          course.cell.cell.strategy, course.places, intervals: .band, style: study.index(of: course.cell.cell.strategy))
      },
      events: (start <= 0 ? [.stretch(from: start, to: 0, "warm-up")] : []) + faults, plotHeight: 240)
    return Figure(
      title: place.isEmpty ? "Goodput second by second" : place, chart: chart,
      table: table(courses.map { ($0.cell, $0.places) }, place))
  }

  /// When each fault happened, in the first trial that it happened in: all repetitions plan it for the same time. What
  /// happened more often than can be drawn is one stretch.
  private var faults: [LineChart.Event] {
    let summaries = point.cells.filter(\.isComparable).flatMap { cell in
      cell.trials.first { !$0.faults.isEmpty }.map { [$0.faults] } ?? []
    }
    guard let records = summaries.max(by: { $0.count < $1.count }) else { return [] }
    return Set(records.map(\.fault)).sorted().flatMap { fault -> [LineChart.Event] in
      let times = records.filter { $0.fault == fault && $0.injectedSecond != nil }
      guard let first = times.first, let last = times.last, let begin = first.injectedSecond,
        let end = last.healedSecond ?? last.injectedSecond
      else { return [] }
      if times.count > 3 { return [.stretch(from: begin, to: end, "\(first.summary), \(times.count) times")] }
      return times.map { time in
        let from = time.injectedSecond ?? 0
        return time.healedSecond.map { .stretch(from: from, to: $0, time.summary) } ?? .moment(from, time.summary)
      }
    }
  }

  private func description(_ cell: CellSummary, _ places: [LineChart.Point]) -> String {
    let rates = places.filter { $0.x > 0 }.map(\.y)
    return
      "\(cell.cell.strategy): between \(formatRate(rates.min() ?? 0)) and \(formatRate(rates.max() ?? 0)) per second"
  }

  private func table(_ courses: [(cell: CellSummary, places: [LineChart.Point])], _ place: String) -> Table {
    let seconds = Set(courses.flatMap { $0.places.map { Int($0.x) } }).sorted()
    return Table(
      caption: "Goodput per second, by second" + (place.isEmpty ? "" : ", \(place)"),
      columns: [.words("strategy")] + seconds.map { .number("\($0) s") },
      rows: courses.map { course in
        let rates = Dictionary(course.places.map { (Int($0.x), $0.y) }, uniquingKeysWith: { first, _ in first })
        return .cells(
          [study.field(course.cell)] + seconds.map { Table.Cell(rates[$0].map(formatRate) ?? "-") })
      })
  }
}
