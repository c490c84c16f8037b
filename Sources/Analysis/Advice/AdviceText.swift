internal import Words

extension Advice {
  /// The recommendation in one sentence.
  public var headline: String {
    if let overall { return "Use \(overall)." }
    if isDecided { return "It depends on the load." }
    return points.contains { !$0.candidates.correct.isEmpty }
      ? "The data do not decide between the candidates." : "Nothing can be recommended."
  }

  /// Why nothing is recommended, in one sentence: what is missing at the first load point, and what is left out of it.
  public var undecidedReason: String {
    guard let first = points.first else { return "nothing can be recommended: the results hold no cell" }
    let excluded = exclusions.first.map { "; \($0.strategy) is not considered: \($0.reason)" } ?? ""
    let places = points.count == 1 ? "" : ", nor at \(points.count - 1) more load points"
    return "nothing can be recommended at \(name(first))\(places): \(first.reasons.joined(separator: " "))"
      .trimmingLastPeriod + excluded
  }

  /// The advice for a terminal, in lines of at most `width` characters, with a line feed at its end.
  public func text(width: Int) -> String {
    let sections: [(title: String, lines: [String])] =
      decisions + [
        ("rules of thumb that apply", rules),
        ("what would change the answer", unique(points.flatMap(\.changes))),
        ("take care", unique(points.flatMap(\.cautions)).map { "\($0.text) [\($0.source)]" }),
        ("not considered", exclusions.map { "\($0.strategy): \($0.reason)." }),
        ("not tested", untested),
      ]
    let body = sections.filter { !$0.lines.isEmpty }.map { section in
      ([section.title] + section.lines.map { "- \($0)" }).enumerated().flatMap { index, line in
        index == 0 ? line.wrapped(width) : line.wrapped(width - 2).map { "  \($0)" }
      }
    }
    return ([[headline] + head.flatMap { $0.wrapped(width) }] + body).map { lines in
      lines.map { "\($0)\n" }.joined()
    }.joined(separator: "\n")
  }

  /// What the recommendation is for.
  private var head: [String] {
    let processes =
      architecture.processes.map { counted($0, "process", "processes") } ?? "as many processes as measured"
    let faults = architecture.mustSurvive.isEmpty ? "" : ", what survives \(listed(architecture.mustSurvive))"
    let databases = counted(architecture.databases, "database")
    return ["For \(objective.name), \(processes), \(databases)\(faults)\(distance)."]
  }

  /// How far away servers were when it was measured; nothing where they were on the same machine and nobody asked.
  private var distance: String {
    if measuredRoundTrips.isEmpty { return "" }
    if let asked = architecture.roundTrip { return ", measured with servers \(Self.place(asked))" }
    if measuredRoundTrips == [.zero] { return "" }
    return ", measured with servers \(listed(measuredRoundTrips.map(Self.place)))"
  }

  /// One section for all load points with the same decision; the reasons in full where there is only one such point.
  private var decisions: [(title: String, lines: [String])] {
    let titles = unique(points.map(\.title))
    return titles.map { title in
      let group = points.filter { $0.title == title }
      if group.count == 1 { return ("At \(name(group[0])): \(title)", group[0].reasons) }
      return ("At \(group.count) load points: \(title)", group.map { "\(name($0)): \($0.summary)" })
    }
  }

  private func name(_ point: PointAdvice) -> String {
    let isOneRun = Set(points.map(\.candidates.run)).count < 2
    return (isOneRun ? "" : "\(point.candidates.run), ") + point.candidates.point.name
  }

  /// Each rule once, with what was measured at the load points that it speaks of.
  private var rules: [String] {
    let findings = points.flatMap { point in point.rules.map { (place: name(point), finding: $0) } }
    return unique(findings.map(\.finding.id)).compactMap { id in
      let own = findings.filter { $0.finding.id == id }
      guard let rule = own.first?.finding else { return nil }
      let measured = own.map { (points.count > 1 ? "At \($0.place), " : "Here ") + line($0.finding) }
      return "\(rule.text) [\(rule.source)] " + unique(measured).joined(separator: " ")
    }
  }

  private func line(_ finding: RuleFinding) -> String {
    let verdict =
      switch finding.result {
      case .agrees: "The measurement agrees"
      case .disagrees: "THE MEASUREMENT DISAGREES"
      case .open: "The measurement leaves it open"
      }
    return "\(finding.fact). \(verdict): \(finding.measurement)."
  }
}

extension PointAdvice {
  /// The decision in a few words.
  fileprivate var title: String {
    switch decision {
    case .use(let entry): "use \(entry.strategy)"
    case .undecided(let entries): "the data do not separate \(listed(entries.map(\.strategy).sorted()))"
    case .none: "nothing can be recommended"
    }
  }

  /// What distinguishes this load point from others with the same decision.
  fileprivate var summary: String {
    guard case .use(let entry) = decision else { return reasons.joined(separator: " ") }
    let figure = candidates.objective.text(entry.value)
    guard let lead = candidates.lead, let runnerUp else { return "\(figure); no other candidate was measured." }
    return "\(figure), \(lead.words) better than \(runnerUp.strategy)."
  }
}

extension String {
  /// Without the period of a sentence that goes on.
  fileprivate var trimmingLastPeriod: String { hasSuffix(".") ? String(dropLast()) : self }
}
