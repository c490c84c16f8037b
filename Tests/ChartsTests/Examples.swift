import Charts

/// Charts as reports draw them, and as nobody would wish them to be.
enum Examples {
  static let strategies = ["postgres.for-update", "postgres.optimistic", "redis.lock", "memory.mutex"]
  static let workers: [Double] = [1, 2, 4, 8, 16, 32]

  static let all: [(name: String, chart: any Chart)] = [
    ("throughput", throughput), ("percentiles", percentiles), ("timeline", timeline), ("bars", bars),
    ("grouped", grouped), ("outcomes", outcomes(.stacked)), ("shares", outcomes(.shares)), ("ratios", ratios),
    ("heat", heat(columns: 5)), ("heat-many", heat(columns: 14)), ("twenty-series", twentySeries),
    ("empty-lines", LineChart(title: "", description: "", x: Axis(""), y: Axis(""), series: [])),
    ("one-point", onePoint), ("winners", winners), ("winners-row", winnersRow),
    ("spans", spans),
  ]

  static let throughput = LineChart(
    title: "Throughput against workers", description: "memory.mutex commits most: 53 k/s at 32 workers.",
    x: Axis("workers", scale: .logarithmic, ticks: workers),
    y: Axis("committed operations per second", format: .count),
    series: strategies.enumerated().map { index, name in
      let points = workers.map { count in
        let rate = [2000.0, 2100, 5000, 8000][index] * count / (1 + 0.12 * count)
        return LineChart.Point(x: count, y: rate, low: rate * 0.93, high: rate * 1.06)
      }
      return LineChart.Series(name, points)
    },
    references: [.init("ideal scaling", through: workers.map { .init(x: $0, y: 8000 / 1.12 * $0) })])

  static let percentiles = LineChart(
    title: "Latency by percentile", description: "redis.lock has the longer tail.",
    x: Axis("of committed operations", scale: .nines), y: Axis("latency", scale: .logarithmic, format: .duration),
    series: [("postgres.for-update", 800_000.0), ("redis.lock", 300_000)].map { name, base in
      let quantiles = [0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 1]
      let points = quantiles.enumerated().map { index, quantile in
        let latency = base * Double((index + 2) * (index + 1))
        return LineChart.Point(x: quantile, y: latency, low: latency * 0.8, high: latency * 1.25)
      }
      return LineChart.Series(name, points, intervals: .band, shape: .steps)
    }, references: [.init("limit 20 ms", at: 20e6)])

  static let timeline = LineChart(
    title: "Throughput over time", description: "Five seconds without service after second 30.",
    x: Axis("seconds since the start", scale: .fitted), y: Axis("operations per second", format: .count),
    series: [
      .init(
        "redis.lock",
        (0..<60).map { .init(x: Double($0), y: (30..<35).contains($0) ? 0 : Double(40_000 + $0 % 7 * 500)) })
    ],
    events: [
      .stretch(from: 0, to: 10, "warm-up"), .moment(30, "redis stopped"), .moment(35, "redis continues"),
      .moment(58, "lock holder paused beyond its lease"),
    ], plotHeight: 140)

  static let bars = BarChart(
    title: "Throughput", description: "memory.unprotected lost updates and is not compared.",
    axis: Axis("committed operations per second", format: .count), series: ["throughput"],
    rows: [
      .init("memory.mutex", [.init(102_000, low: 98_000, high: 106_000)], style: 3),
      .init("redis.lock", [.init(9900, low: 9100, high: 10_500)], style: 2),
      .init("memory.unprotected", [.init(140_000)], note: "lost 13,211 updates", isInvalid: true),
      .init("postgres.advisory-lock", [nil]), .init("postgres.serializable", [.init(0)]),
    ])

  static let grouped = BarChart(
    title: "Latency", description: "The tail of redis.lock is six times its median.",
    axis: Axis("latency", format: .duration), series: ["p50", "p99", "p99.9"],
    rows: [
      .init("redis.lock", [.init(300_000), .init(750_000), .init(1_800_000)]),
      .init("memory.mutex", [.init(4000), .init(10_000), nil]),
    ])

  static func outcomes(_ arrangement: BarChart.Arrangement) -> BarChart {
    BarChart(
      title: "Outcomes", description: "Most operations were committed.", axis: Axis("operations", format: .count),
      series: ["committed", "refused", "gave up", "failed", "unknown", "deadlock", "lock timeout"],
      rows: [
        .init("postgres.for-update", [10_000, 800, 0, 10, 2, 2700, 500].map { .init($0) }),
        .init("memory.unprotected", [9000, 1000, 0, 0, 0, 0, 0].map { .init($0) }, note: "wrong", isInvalid: true),
        .init("redis.lock", [0, 0, 0, 0, 0, 0, 0].map { .init($0) }),
      ], arrangement: arrangement)
  }

  static let ratios = IntervalChart(
    title: "Candidate against base", description: "One cell regressed.",
    axis: Axis("throughput, candidate / base", scale: .logarithmic, format: .ratio),
    rows: [
      .init("bank/hot, mutex, 8 workers", point: 0.904, low: 0.885, high: 0.929, tone: .bad),
      .init("seats, redis.lock", point: 1.12, low: 1.08, high: 1.17, tone: .good),
      .init("seats, redis.lock, 64 workers", point: 1.02, low: 0.7, high: .infinity, tone: .unclear),
      .init("stock, postgres.for-update", point: 1.01, low: 0.98, high: 1.03), .init("nothing measured", point: nil),
    ], guides: [0.95, 1.05], leftHint: "worse", rightHint: "better")

  /// Two at once, one that was killed, a fault in each row at a time of its own, and a row without anything.
  static let spans = SpanChart(
    title: "Who was at work", description: "unguarded: two at once.",
    axis: Axis("seconds since the window opened", scale: .fitted), lanes: ["worker 0", "worker 1"],
    rows: [
      .init(
        "unguarded",
        (0..<4).flatMap { tick in
          (0..<2).map { worker in
            let begin = Double(tick) * 0.5 + Double(worker) * 0.02
            return .init(from: begin, to: begin + 0.15, lane: worker, text: "tick \(tick) by worker \(worker)")
          }
        }, events: [.stretch(from: 0.6, to: 0.7, "kill a holder")]),
      .init(
        "tick-row",
        [
          .init(from: 0.1, to: 0.25, lane: 0, text: "tick 0"), .init(from: 0.6, to: nil, lane: 0, text: "tick 1"),
          .init(from: 1.1, to: 1.1001, lane: 1, text: "tick 2"),
        ], events: [.stretch(from: 0.65, to: 0.75, "kill a holder"), .moment(1.4, "cut")]),
      .init("nobody", []),
    ], events: [.stretch(from: 0.6, to: 0.7, "kill a holder")])

  static func heat(columns: Int) -> HeatMap {
    let ratios = [0.088, 0.5, 0.71, 1, 1.4, 2.8, 5.7]
    return HeatMap(
      title: "Throughput against the median strategy", description: "No strategy is best everywhere.",
      columns: (0..<columns).map { "workload \($0 + 1)" },
      rows: strategies.enumerated().map { index, name in
        let cells = (0..<columns).map { column in
          let ratio = ratios[(column * 3 + index * 5) % ratios.count]
          return HeatMap.Cell(NumberFormat.ratio.text(ratio), ratio: ratio)
        }
        return HeatMap.Row(name, cells)
      } + [.init("memory.unprotected", [.init("3.1×", ratio: 3.1, isInvalid: true), nil, .init("?", ratio: nil)])])
  }

  /// Two grids with everything that a cell can show.
  static let winners = WinnerChart(
    title: "Who is fastest where", description: "postgres.for-update is first at 3 of 12 load points.",
    columns: ("workers", ["1", "16", "256"]), rows: ("keys", ["1", "1024"]),
    panels: [
      .init(
        "hold=0us",
        [
          [.init(.winner(0), hover: "a"), .init(.winner(1), wrong: [2], hover: "b"), .init(.crossedOut, hover: "c")],
          [.init(.undecided([0, 1, 3]), hover: "d"), .init(.unknown, hover: "e"), nil],
        ]),
      .init(
        "hold=<1ms>",
        [
          [
            .init(.winner(3), wrong: [0, 1, 2], hover: "f"), .init(.winner(2), hover: "g"),
            .init(.winner(0), hover: "h"),
          ],
          [.init(.undecided([]), hover: "i"), .init(.undecided([0, 1, 2, 3]), wrong: [2], hover: "j")],
        ]),
    ],
    entries: ["A", "B", "C", "D"].enumerated().map { WinnerChart.Entry($1, strategies[$0], style: [0, 4, 7, 11][$0]) })

  /// One swept setting: a row, which a narrow drawing breaks.
  static let winnersRow = WinnerChart(
    title: "Who is fastest where", description: "redis.lock is first everywhere.",
    columns: ("rate", (1...14).map { "\($0)k/s" }), rows: ("", [""]),
    panels: [.init("", [(0..<14).map { .init($0 < 6 ? .winner(0) : .undecided([0, 1]), hover: "\($0)") }])],
    entries: [.init("A", "redis.lock", style: 2), .init("B", "a strategy with a name that no legend holds", style: 1)])

  static let twentySeries = LineChart(
    title: "Twenty series", description: "Names as long as scenarios make them.",
    x: Axis("key skew", scale: .categories(["uniform", "zipf 0.99", "one hot key"])),
    y: Axis("operations per second", format: .count),
    series: (0..<20).map { index in
      let points = (0..<3).map { LineChart.Point(x: Double($0), y: 1000 * Double(20 - index) / Double($0 + 1)) }
      return .init("redis.lock over postgres (keys=\(1 << index), hold=1ms)", points)
    })

  static let onePoint = LineChart(
    title: "One point", description: "One point, and a series that has no place on the axis.",
    x: Axis("workers", scale: .logarithmic, ticks: [8]), y: Axis("latency", scale: .logarithmic, format: .duration),
    series: [.init("redis.lock", [.init(x: 8, y: 5e6)]), .init("memory.mutex", [.init(x: 8, y: 0)])])
}
