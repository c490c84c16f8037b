internal import Charts
internal import Model
internal import Words

extension Section {
  /// What each host did of trials whose workers ran on several. Absent where all ran on one machine.
  static func hosts(_ study: Study) -> Section? {
    let spreads = study.points.flatMap { point in point.cells.compactMap { HostSpread(study, point, $0) } }
    guard !spreads.isEmpty else { return nil }
    let sentences = spreads.filter { !$0.sentences.isEmpty }.map { spread in
      (label: spread.name, lines: spread.sentences.map { Line($0) })
    }
    return Section(
      id: "hosts", title: "Hosts",
      introduction: """
        What each host committed and how busy it was, so that a slow one is not hidden in the sum. A host whose \
        processors are used up by our workers measures itself. Of a lost host nobody knows what its workers did. The \
        clock bound is how far the clock of a host may be from what was assumed; critical sections of different hosts \
        are compared within these bounds. Each host gives signs of life while it runs; missed is how many did not \
        come.
        """,
      blocks: Block.folding(spreads.map(\.figure)) + (sentences.isEmpty ? [] : [.labelled(sentences)])
        + Block.folding(HostSpread.table(spreads), most: 32, "host"))
  }
}

/// The hosts of one cell.
private struct HostSpread {
  /// More rows are no picture.
  private static let mostRows = 16

  let study: Study
  let point: Point
  let cell: CellSummary
  let hosts: [HostSummary]

  /// Nil where its workers ran on one machine.
  init?(_ study: Study, _ point: Point, _ cell: CellSummary) {
    let hosts = cell.hosts
    guard !hosts.isEmpty else { return nil }
    (self.study, self.point, self.cell, self.hosts) = (study, point, cell, hosts)
  }

  var name: String {
    let place = study.place(point)
    return cell.cell.strategy + (place.isEmpty ? "" : ", \(place)")
  }

  /// What there is to say of single hosts, then of all together.
  var sentences: [String] {
    let skew = cell.trials.compactMap(\.hosts)
      .max { ($0.startSkewNanoseconds ?? -1) < ($1.startSkewNanoseconds ?? -1) }?.startSentence
    return hosts.flatMap(\.sentences) + [cell.holdsBetweenHosts?.sentence, skew].compactMap(\.self)
  }

  // MARK: - Picture

  var figure: Figure {
    let shown = ofInterest
    let chart = BarChart(
      title: "Committed per second by host, \(name)",
      description: shown.map { "\($0.inWords): \(rate($0))\(note($0).isEmpty ? "" : ", \(note($0))")" }
        .joined(separator: "; "),
      axis: Axis("committed per second", format: .count), series: ["committed per second"],
      rows: shown.map { host in
        BarChart.Row(
          host.inWords, [host.committedPerSecond.map { BarChart.Bar($0) }], note: note(host),
          isInvalid: host.lostCount > 0, style: study.index(of: cell.cell.strategy))
      })
    return Figure(
      title: name, caption: shown.count < hosts.count ? "The \(shown.count) most telling of \(hosts.count) hosts." : "",
      chart: chart, table: Self.table([self]), isToldElsewhere: true)
  }

  /// All hosts by rank; of too many those that were lost, were at their limit, and then those that committed least.
  private var ofInterest: [HostSummary] {
    guard hosts.count > Self.mostRows else { return hosts }
    func weight(_ host: HostSummary) -> Int { host.lostCount > 0 ? 0 : host.isSaturated ? 1 : 2 }
    let sorted = hosts.enumerated().sorted { left, right in
      let one = (weight(left.element), left.element.committedPerSecond ?? 0, left.offset)
      return one < (weight(right.element), right.element.committedPerSecond ?? 0, right.offset)
    }
    let chosen = Set(sorted.prefix(Self.mostRows).map(\.offset))
    return hosts.indices.filter(chosen.contains).map { hosts[$0] }
  }

  private func note(_ host: HostSummary) -> String {
    if host.lostCount > 0 { return host.trialCount == 1 ? "lost" : "lost in \(host.lostCount) of \(host.trialCount)" }
    if host.isSaturated, let busy = host.busiest?.busyRatio { return "\(formatPercent(busy)) busy" }
    return ""
  }

  private func rate(_ host: HostSummary) -> String { host.committedPerSecond.map(formatRate) ?? "not measured" }

  // MARK: - Table

  static func table(_ spreads: [HostSpread]) -> Table {
    Table(
      caption: "Hosts",
      columns: [
        .words("strategy"), .words("where"), .number("host"), .words("name"), .number("CPUs"), .number("workers"),
        .number("committed/s"), .number("p99"), .number("clock ±"), .number("busy"), .number("by us"),
        .number("missed"), .words("lost"),
      ],
      rows: spreads.flatMap { spread in spread.hosts.map { .cells(spread.cells($0)) } }
    ).withoutEmptyColumns()
  }

  private func cells(_ host: HostSummary) -> [Table.Cell] {
    [
      study.field(cell), Table.Cell(study.place(point)), Table.Cell("\(host.rank)"), Table.Cell(host.name),
      Table.Cell(formatCount(host.processors)), Table.Cell(formatCount(host.workers)),
      Table.Cell(host.committedPerSecond.map(formatRate) ?? "-"),
      Table.Cell(formatDuration(nanoseconds: host.p99Nanoseconds.map { Double($0) })),
      Table.Cell(formatDuration(nanoseconds: host.boundNanoseconds.map { Double($0) })),
      Table.Cell(
        host.busiest?.busyRatio.map { formatPercent($0) } ?? "-", tone: host.isSaturated ? .doubtful : .neutral),
      Table.Cell(host.busiest?.clientRatio.map { formatPercent($0) } ?? "-"),
      Table.Cell(formatCount(host.beatsMissed), tone: host.beatsMissed > 0 ? .doubtful : .neutral), loss(host),
    ]
  }

  private func loss(_ host: HostSummary) -> Table.Cell {
    let isOnly = host.trialCount == 1
    if host.lostCount > 0 {
      return Table.Cell(isOnly ? "yes" : "\(host.lostCount) of \(host.trialCount)", tone: .bad)
    }
    if host.deliveredCount > 0 {
      return Table.Cell(
        isOnly ? "for a time" : "\(host.deliveredCount) of \(host.trialCount), for a time", tone: .doubtful)
    }
    return "no"
  }
}
