internal import Model
internal import Words

/// The mapping `sweep`: paths of settings, as overrides name them, and the values that each takes in turn.
enum SweepSection {
  /// Variables of a user's scripts, whatever their names.
  private static let variable = "workload.define."

  /// The most values of one setting.
  static let maximumValues = 100

  /// A setting that can be swept.
  struct Setting {
    let path: String
    let summary: String
    /// JSON schemas of its values; several when workloads have options of one name.
    var schemas: [JSON]
  }

  /// Every setting that can be swept: those of one trial, whatever its strategy.
  static func settings(_ vocabulary: Vocabulary) -> [Setting] {
    let kinds = vocabulary.workloads.map(\.id)
    var settings: [Setting] = []
    for workload in vocabulary.workloads { add(WorkloadSection.section(workload, kinds: kinds), to: &settings) }
    add(LoadSection.section, to: &settings)
    add(RetrySection.section, to: &settings)
    add(ServiceSection.common, to: &settings)
    for service in vocabulary.services { add(ServiceSection.distance(service), to: &settings) }
    return settings.filter { refusal(of: $0.path) == nil }
  }

  private static func add<Target>(_ section: Section<Target>, to settings: inout [Setting]) {
    for key in section.keys {
      let (path, schema) = ("\(section.path).\(key.name)", JSON.object(key.schema))
      if let index = settings.firstIndex(where: { $0.path == path }) {
        let isKnown = settings[index].schemas.contains { $0.text() == schema.text() }
        if !isKnown { settings[index].schemas.append(schema) }
      } else {
        settings.append(Setting(path: path, summary: key.summary, schemas: [schema]))
      }
    }
  }

  /// Reads `sweep`: those of its settings that mean something. Nothing is swept without it.
  static func read(
    _ entry: YAMLNode.Entry?, _ vocabulary: Vocabulary, _ diagnostics: inout Diagnostics
  ) -> Sweep {
    guard let entry else { return Sweep(axes: [], place: nil) }
    guard let entries = entry.value.entries else {
      let expected = "a mapping of settings, such as workload.keys, to lists of values"
      diagnostics.reportKind(entry.value, Subject("sweep"), expected: expected)
      return Sweep(axes: [], place: entry.place)
    }
    let paths = settings(vocabulary).map(\.path)
    let axes = entries.compactMap { axis($0, paths, &diagnostics) }
    let sweep = Sweep(axes: axes, place: entry.place)
    if let count = sweep.excessiveCount {
      let message =
        "the values make \(count) combinations, above the maximum \(Sweep.maximumVariants); sweep fewer values, or "
        + "write several scenarios"
      diagnostics.report(entry.place, "sweep", message)
    }
    return sweep
  }

  private static func axis(
    _ entry: YAMLNode.Entry, _ paths: [String], _ diagnostics: inout Diagnostics
  ) -> Sweep.Axis? {
    let path = entry.key
    guard paths.contains(path) || path.hasPrefix(variable) else {
      if let reason = refusal(of: path) {
        diagnostics.report(entry.place, "sweep", "\(path.quotedForMessage) cannot be swept: \(reason)")
      } else {
        var hint = Suggestion.phrase(for: path, among: paths)
        if hint.isEmpty {
          hint = "; name a setting of workload, load or retry, such as workload.keys, or the rtt of a service"
        }
        diagnostics.report(entry.place, "sweep", "there is no setting \(path.quotedForMessage)\(hint)")
      }
      return nil
    }
    var values = self.values(entry.value, Subject("sweep.\(path)"), &diagnostics)
    if values.isEmpty {
      // Whatever is said of this setting from now on is no news.
      diagnostics.distrust(entry.value.place)
      values = [YAMLNode(.scalar("", isPlain: true), at: entry.value.place)]
    }
    return Sweep.Axis(path: path, place: entry.place, values: values)
  }

  /// The values that can be tried; problems have been reported when it is not all of them.
  private static func values(
    _ node: YAMLNode, _ subject: Subject, _ diagnostics: inout Diagnostics
  ) -> [YAMLNode] {
    let isList = if case .scalar(let text, _) = node.content { node.isOverride && !text.isEmpty } else { true }
    guard isList, let nodes = node.listed else {
      diagnostics.reportKind(node, subject, expected: "a list of values")
      return []
    }
    guard !nodes.isEmpty, nodes.count <= maximumValues else {
      let message =
        nodes.isEmpty
        ? "the list is empty; state at least one value"
        : "\(nodes.count) values are above the maximum \(maximumValues)"
      diagnostics.report(node.place, subject.path, message)
      return []
    }
    var values: [YAMLNode] = []
    for node in nodes {
      if node.text == nil {
        diagnostics.reportKind(node, subject, expected: "a single value")
      } else if values.contains(where: { $0.text == node.text }) {
        diagnostics.report(node.place, subject.path, "\(node.valueForMessage) is listed twice; keep one of them")
      } else {
        values.append(node)
      }
    }
    return values
  }

  /// Why something that a scenario states is not to be swept, and what to do instead; nil for the rest.
  private static func refusal(of path: String) -> String? {
    switch path {
    case "load.workers": return "list the numbers under load.workers itself; each is a load point"
    case "load.repetitions", "load.remeasure", "load.seed": return "it holds for the whole run; state it under load"
    case "workload", "load", "retry": return "sweep keys of it, such as workload.keys"
    default: break
    }
    switch path.prefix(while: { $0 != "." }) {
    case "strategies": return "list the strategy once for each value, each with a 'label'"
    case "expect": return "an expectation holds for every variant; state it under expect"
    case "services" where ServiceSection.isDistance(path): return nil
    case "name", "services", "faults", "gate": return "it holds for the whole run; write a scenario for each value"
    case "sweep": return "write the settings, such as workload.keys, right under sweep"
    default: return nil
    }
  }
}
