internal import Model
internal import Words

/// The keys of `gate`.
enum GateSection {
  static let section = Section<GatePolicy>(
    path: "gate",
    keys: [
      Key("blocks", \.blocks, .integer(8...1000), "Pairs of blocks per cell, base and candidate."),
      Key("slices", \.slices, .integer(1...100), "Slices of each arm in a block; arms alternate slice by slice."),
      Key(
        "slice", \.slice, .optional(.duration(.milliseconds(1) ... .seconds(3600)), orWord: "auto"),
        "Measured window of a slice; auto fits the gate into about three minutes, with 125ms to 500ms."),
      Key(
        "foreign-cpu", \.foreignLoad, .number(0...1024),
        "CPUs that others may use more during one slice of a pair than during the other; else the pair is taken out."),
      Key(
        "on-inconclusive", \.onInconclusive, .cases, "Whether an open comparison fails the gate (exit code 3) or warns."
      ),
    ] + GateMetric.allCases.map(rule) + [waivers])

  /// Reads `gate`; without one, all defaults.
  static func read(_ node: YAMLNode?, _ diagnostics: inout Diagnostics) -> GatePolicy {
    guard let node else { return GatePolicy() }
    return section.read(node, into: GatePolicy(), &diagnostics).value
  }

  // MARK: - Rules

  private static func rule(_ metric: GateMetric) -> Key<GatePolicy> {
    let section = ruleSection(metric)
    let schema = ScenarioReader.schema(of: section, defaults: .standard(metric))
    return Key(metric.rawValue, schema: schema.members, "From which size on a change of \(name(of: metric)) counts.") {
      node, _, diagnostics, policy in
      let before = diagnostics.problems.count
      let reading = section.read(node, into: policy[metric], &diagnostics)
      let rule = reading.value
      if reading.isSound("tolerance", "must-detect"), rule.mustDetect <= rule.tolerance {
        let (limit, tolerance) = (PercentText.text(of: rule.mustDetect), PercentText.text(of: rule.tolerance))
        let place = (reading.stated["must-detect"] ?? reading.stated["tolerance"] ?? node).place
        diagnostics.report(
          place, "\(section.path).must-detect", "\(limit) must be above the tolerance, which is \(tolerance)")
      }
      policy[metric] = rule
      return diagnostics.problems.count == before
    } show: {
      .object(section.show($0[metric]))
    }
  }

  private static func ruleSection(_ metric: GateMetric) -> Section<GateRule> {
    let keys: [Key<GateRule>] = [
      Key("tolerance", \.tolerance, .percent(0.001...10), "Growth of the cost that is immaterial, however certain."),
      Key("must-detect", \.mustDetect, .percent(0.002...100), "Growth of the cost that a pass must exclude."),
    ]
    let floor = Key<GateRule>("floor", \.floor, .number(0...1000), "Absolute growth that is immaterial.")
    let blocking = Key<GateRule>(
      "blocks-on", \.blocksOn, .cases,
      "What fails the gate: doubt (a regression, or that none can be excluded), a regression, or nothing.")
    return Section(path: "gate.\(metric.rawValue)", keys: keys + (metric.isRatio ? [] : [floor]) + [blocking])
  }

  private static func name(of metric: GateMetric) -> String {
    switch metric {
    case .goodput: "the time per committed operation"
    case .p50: "the median latency"
    case .p99: "the 99th percentile of the latency"
    case .retries: "the attempts beyond the first, per operation,"
    case .deadlocks: "the deadlocks per operation"
    case .gaveUp: "the share of operations that gave up"
    case .fairness: "Jain's index over the workers"
    }
  }

  // MARK: - Waivers

  private static let waivers = Key<GatePolicy>(
    "waivers",
    schema: [
      ("type", .string("array")),
      (
        "items",
        .object(
          ScenarioReader.schema(of: waiverSection, defaults: WaiverDraft()).members + [
            ("required", .strings(waiverSection.keys.map(\.name).filter { $0 != "max-ratio" }))
          ])
      ),
    ], "Accepted regressions; one that has expired or names no cell is an error."
  ) { node, _, diagnostics, policy in
    guard case .sequence(let nodes) = node.content else {
      diagnostics.reportKind(node, Subject("gate.waivers"), expected: "a list of waivers")
      return false
    }
    let before = diagnostics.problems.count
    policy.waivers = nodes.compactMap { waiver($0, &diagnostics) }
    return diagnostics.problems.count == before
  } show: {
    $0.waivers.isEmpty ? nil : .array($0.waivers.map { .object(waiverSection.show(WaiverDraft($0))) })
  }

  private static let waiverSection = Section<WaiverDraft>(
    path: "gate.waivers",
    keys: [
      Key("cell", ifStated: \.cell, .sentence, "The cell, as the gate prints it, such as \"redis.lock, 8 workers\"."),
      Key("metric", ifStated: \.subject, .cases, "The metric; presence if the candidate no longer has the cell."),
      Key("max-ratio", ifStated: \.maximumRatio, .number(1...1000), "Ratio of the costs up to which it is accepted."),
      Key("reason", ifStated: \.reason, .sentence, "Why."),
      Key("expires", ifStated: \.expires, .date, "The last day on which the waiver holds."),
    ])

  private static func waiver(_ node: YAMLNode, _ diagnostics: inout Diagnostics) -> GateWaiver? {
    let reading = waiverSection.read(node, into: WaiverDraft(), &diagnostics)
    guard reading.failed.isEmpty else { return nil }
    let draft = reading.value
    let isRatioNeeded = draft.subject != .presence
    for key in waiverSection.keys where reading.stated[key.name] == nil && (key.name != "max-ratio" || isRatioNeeded) {
      diagnostics.report(node.place, "gate.waivers", "the key '\(key.name)' is missing; every waiver needs one")
    }
    guard let cell = draft.cell, let subject = draft.subject, let reason = draft.reason, let expires = draft.expires,
      let ratio = draft.maximumRatio ?? (isRatioNeeded ? nil : 1)
    else { return nil }
    return GateWaiver(cell: cell, subject: subject, maximumRatio: ratio, reason: reason, expires: expires)
  }
}

/// What an entry of `gate.waivers` states.
struct WaiverDraft {
  var cell: String?
  var subject: GateWaiver.Subject?
  var maximumRatio: Double?
  var reason: String?
  var expires: CalendarDate?

  init() {}

  /// The draft that reads back to a waiver.
  init(_ waiver: GateWaiver) {
    (cell, subject, reason) = (waiver.cell, waiver.subject, waiver.reason)
    (maximumRatio, expires) = (waiver.maximumRatio, waiver.expires)
  }
}
