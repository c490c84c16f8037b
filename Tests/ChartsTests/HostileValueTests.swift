import Foundation
import Testing

@testable import Charts

#if canImport(FoundationXML)
import FoundationXML
#endif

/// Whatever the values and names are, a chart is well-formed and all its numbers are finite.
@Suite struct HostileValueTests {
  private static let values: [Double] = [
    .nan, .infinity, -.infinity, 0, -0.0, -1, 1, 1e-305, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
    -.greatestFiniteMagnitude,
    0.5, 0.999999999, 1e300, 1e-300, 42, 1e15, .pi, -1e9,
  ]
  private static let names = [
    "<script>alert(1)</script>", "\"' onload='x", "]]>", "😀👩‍👩‍👧🇩🇪", String(repeating: "long-", count: 60), "",
    "a\u{0}b\u{1B}[2J", "\u{202E}reversed", "&amp;", "</title></svg>", String(repeating: "e\u{301}", count: 300),
    "line\nbreak",
  ]

  /// Elements and attribute values of a chart; nil if it is not well-formed.
  private final class Reader: NSObject, XMLParserDelegate {
    var elements: Set<String> = []
    var ids: [String] = []
    var numbers = ""
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      elements.insert(name)
      if let id = attributes["id"] { ids.append(id) }
      let geometry = ["x", "y", "x1", "x2", "y1", "y2", "d", "width", "height", "viewBox", "transform", "fill-opacity"]
      for key in geometry { numbers += " " + (attributes[key] ?? "") }
      if let references = attributes["aria-labelledby"] { labels += references.split(separator: " ").map(String.init) }
    }
    var labels: [String] = []
  }

  private static func check(_ chart: any Chart, _ comment: Comment) {
    let text = "<p>" + chart.responsiveSVG(id: "a \"<b") + chart.responsiveSVG(id: "other") + "</p>"
    let reader = Reader()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = reader
    #expect(parser.parse(), comment)
    let known: Set = [
      "p", "div", "svg", "title", "desc", "g", "defs", "pattern", "clipPath", "rect", "line", "path", "text",
    ]
    #expect(reader.elements.isSubset(of: known), comment)
    #expect(Set(reader.ids).count == reader.ids.count, comment)
    #expect(Set(reader.labels).isSubset(of: reader.ids), comment)
    #expect(!reader.numbers.lowercased().contains("nan") && !reader.numbers.contains("inf"), comment)
    #expect(!reader.numbers.replacing("rotate", with: "").contains("e"), comment)
    #expect(!text.contains("alert(1)</script>") && !text.contains("\u{1B}") && !text.contains("\u{202E}"), comment)
  }

  /// A source of values that is the same in each run.
  private struct Dice {
    var state: UInt64
    mutating func next<Value>(_ values: [Value]) -> Value {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return values[Int((state >> 33) % UInt64(values.count))]
    }
    mutating func several<Value>(_ make: (inout Dice) -> Value) -> [Value] {
      let count = next([0, 1, 2, 5, 21])
      return (0..<count).map { _ in make(&self) }
    }
    mutating func value() -> Double { next(HostileValueTests.values) }
    mutating func maybe() -> Double? { next([nil, value(), value()]) }
    mutating func name() -> String { next(HostileValueTests.names) }
    mutating func axis() -> Axis {
      let kind = next([Scale.Kind.linear, .fitted, .logarithmic, .nines, .categories(several { $0.name() })])
      let format = next([NumberFormat.plain, .count, .duration, .ratio, .percent])
      return Axis(name(), scale: kind, format: format, ticks: next([[], several { $0.value() }]))
    }
    mutating func point() -> LineChart.Point { .init(x: value(), y: value(), low: maybe(), high: maybe()) }
  }

  @Test(arguments: 0..<25) func lineCharts(seed: Int) {
    var dice = Dice(state: UInt64(seed) &* 77)
    let series = dice.several { dice in
      LineChart.Series(
        dice.name(), dice.several { $0.point() }, intervals: dice.next([.band, .whiskers]),
        shape: dice.next([.steps, .straight]), style: dice.next([nil, -1, 0, 100]))
    }
    let events = dice.several { dice in
      dice.next([
        LineChart.Event.moment(dice.value(), dice.name()),
        .stretch(from: dice.value(), to: dice.value(), dice.name()),
      ])
    }
    let references = dice.several { dice in
      dice.next([
        LineChart.Reference(dice.name(), at: dice.value()),
        .init(dice.name(), through: dice.several { $0.point() }),
      ])
    }
    let chart = LineChart(
      title: dice.name(), description: dice.name(), x: dice.axis(), y: dice.axis(), series: series,
      references: references, events: events, plotHeight: dice.next([0, 120, 280]))
    Self.check(chart, "seed \(seed)")
  }

  @Test(arguments: 0..<25) func barCharts(seed: Int) {
    var dice = Dice(state: UInt64(seed) &* 78)
    let rows = dice.several { dice in
      let bars: [BarChart.Bar?] = dice.several { dice in
        dice.next([nil, .init(dice.value(), low: dice.maybe(), high: dice.maybe())])
      }
      return BarChart.Row(dice.name(), bars, note: dice.name(), isInvalid: dice.next([true, false]))
    }
    let chart = BarChart(
      title: dice.name(), description: dice.name(), axis: dice.axis(), series: dice.several { $0.name() }, rows: rows,
      arrangement: dice.next([.grouped, .stacked, .shares]))
    Self.check(chart, "seed \(seed)")
  }

  @Test(arguments: 0..<25) func intervalCharts(seed: Int) {
    var dice = Dice(state: UInt64(seed) &* 79)
    let rows = dice.several { dice in
      IntervalChart.Row(
        dice.name(), point: dice.maybe(), low: dice.maybe(), high: dice.maybe(),
        tone: dice.next([.neutral, .good, .bad, .unclear]), text: dice.next([nil, dice.name()]))
    }
    let chart = IntervalChart(
      title: dice.name(), description: dice.name(), axis: dice.axis(), rows: rows, reference: dice.maybe(),
      guides: dice.several { $0.value() }, leftHint: dice.name(), rightHint: dice.name())
    Self.check(chart, "seed \(seed)")
  }

  @Test(arguments: 0..<25) func spanCharts(seed: Int) {
    var dice = Dice(state: UInt64(seed) &* 83)
    let rows = dice.several { dice in
      SpanChart.Row(
        dice.name(),
        dice.several { dice in
          SpanChart.Span(from: dice.value(), to: dice.maybe(), lane: dice.next([0, 1, 9]), text: dice.name())
        }, events: [.stretch(from: dice.value(), to: dice.value(), dice.name())])
    }
    let chart = SpanChart(
      title: dice.name(), description: dice.name(), axis: dice.axis(), lanes: dice.several { $0.name() }, rows: rows,
      events: [.moment(dice.value(), dice.name())])
    Self.check(chart, "seed \(seed)")
  }

  @Test(arguments: 0..<25) func heatMaps(seed: Int) {
    var dice = Dice(state: UInt64(seed) &* 80)
    let rows = dice.several { dice in
      let cells: [HeatMap.Cell?] = dice.several { dice in
        dice.next([
          nil, .init(dice.name(), ratio: dice.maybe(), hover: dice.name(), isInvalid: dice.next([true, false])),
        ])
      }
      return HeatMap.Row(dice.name(), cells)
    }
    let chart = HeatMap(
      title: dice.name(), description: dice.name(), columns: dice.several { $0.name() }, rows: rows,
      better: dice.next([.higher, .lower]))
    Self.check(chart, "seed \(seed)")
  }

  @Test(arguments: 0..<25) func winnerCharts(seed: Int) {
    var dice = Dice(state: UInt64(seed) &* 81)
    let positions = [-1, 0, 1, 30]
    let panels = dice.several { dice in
      let rows: [[WinnerChart.Cell?]] = dice.several { dice in
        dice.several { dice in
          let some = dice.several { $0.next(positions) }
          let mark = dice.next([.winner(dice.next(positions)), .undecided(some), .crossedOut, WinnerChart.Mark.unknown])
          return dice.next([nil, .init(mark, wrong: dice.several { $0.next(positions) }, hover: dice.name())])
        }
      }
      return WinnerChart.Panel(dice.name(), rows)
    }
    let chart = WinnerChart(
      title: dice.name(), description: dice.name(), columns: (dice.name(), dice.several { $0.name() }),
      rows: (dice.name(), dice.several { $0.name() }), panels: panels,
      entries: dice.several { .init($0.name(), $0.name(), style: $0.next([-1, 0, 7, 100])) })
    Self.check(chart, "seed \(seed)")
  }

  @Test func aCurveWithoutAPlaceIsSaidToHaveNoData() {
    let svg = Examples.onePoint.svg(id: "c")
    #expect(svg.contains(">memory.mutex (no data)</text>"))
    #expect(!svg.contains(">memory.mutex</text>"))
    #expect(svg.contains(">redis.lock</text>"))
  }

  @Test func anInvalidCellHasNoColour() {
    let chart = HeatMap(
      title: "", description: "", columns: ["a"], rows: [.init("wrong", [.init("9×", ratio: 9, isInvalid: true)])])
    let cell = chart.svg(id: "c").split(separator: "\n").filter { $0.contains("wrong, a: 9×") }
    #expect(cell.count == 1)
    #expect(cell.allSatisfy { $0.contains("class=\"invalid\"") && $0.contains("fill=\"url(#c-hatch)\"") })
  }
}
