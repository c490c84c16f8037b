internal import Model
internal import Words

/// What the mapping `workload` states, before it becomes settings.
struct WorkloadDraft: StatesOptions {
  /// The words for key distributions.
  enum DistributionWord: String, CaseIterable, Sendable {
    case uniform, zipfian
  }

  /// Skew of a zipfian distribution that states none: YCSB's constant.
  static let defaultTheta = 0.99

  var kind: String
  var keys = 1
  var distribution = DistributionWord.uniform
  var theta: Double?
  var hold = Duration.zero
  var think = Duration.zero
  var shards: Int?
  var script = ScriptSettings()
  /// Variables of scripts; nil for none.
  var definitions: [String: String]? {
    get { script.definitions.isEmpty ? nil : script.definitions }
    set { script.definitions = newValue ?? [:] }
  }
  var statedOptions: [String: OptionValue] = [:]

  init(_ descriptor: WorkloadDescriptor?) {
    kind = descriptor?.id ?? ""
    keys = max(1, descriptor?.minimumKeys ?? 1)
  }

  /// The draft that reads back to settings.
  init(_ settings: WorkloadSettings) {
    kind = settings.kind
    keys = settings.keys
    if case .zipfian(let theta) = settings.distribution { (distribution, self.theta) = (.zipfian, theta) }
    (hold, think, statedOptions) = (settings.hold, settings.think, settings.options.values)
    script = settings.script ?? ScriptSettings()
    shards = settings.shards == WorkloadSettings.usualShards ? nil : settings.shards
  }

  func settings(_ options: [OptionSpecification]) -> WorkloadSettings {
    var settings = WorkloadSettings(
      kind: kind, keys: keys,
      distribution: distribution == .uniform ? .uniform : .zipfian(theta: theta ?? Self.defaultTheta),
      hold: hold, think: think, options: Options(options, stated: statedOptions))
    settings.shards = shards ?? WorkloadSettings.usualShards
    if kind == WorkloadSection.scriptKind { settings.script = script }
    return settings
  }
}

/// The keys of `workload`.
enum WorkloadSection {
  /// The workload whose transactions are the user's own.
  static let scriptKind = "script"
  private static let upTo60Seconds = Duration.zero ... .seconds(60)

  /// The keys for a workload; its kind only names it and is not read again.
  static func section(_ descriptor: WorkloadDescriptor?, kinds: [String]) -> Section<WorkloadDraft> {
    let kind = Key<WorkloadDraft>("kind", schema: [("enum", .strings(kinds))], "The workload.") { _, _, _, _ in
      true
    } show: {
      .string($0.kind)
    }
    return Section(path: "workload", keys: [kind] + keys(descriptor)).with(descriptor?.options ?? [])
  }

  private static let hold = Key<WorkloadDraft>(
    "hold", \.hold, .duration(upTo60Seconds), "Time inside the critical section, between reading and writing.")
  private static let think = Key<WorkloadDraft>(
    "think", \.think, .duration(upTo60Seconds), "Time between two operations of a worker.")

  /// The keys of a user's own transactions.
  private static let scriptKeys: [Key<WorkloadDraft>] = [
    Key(
      "setup", ifStated: \.script.setup, .script, "What makes the tables and fills them: a file, or the text itself."),
    Key(
      "transactions", \.script.transactions, .scripts,
      "pgbench scripts: files with their weights (book.sql@9), or texts."),
    Key("invariants", \.script.invariants, .invariants, "Queries that must hold at the end."),
    Key("define", ifStated: \.definitions, .definitions, "Values of variables, as pgbench's -D."),
    Key("mode", \.script.mode, .cases, "How statements are sent, as pgbench's -M."),
    Key(
      "interval", ifStated: \.script.interval, .duration(.milliseconds(10) ... .seconds(3600)),
      "How often invariants that ask for no row are looked at while transactions run, too."),
    Key(
      "hold", \.hold, .duration(upTo60Seconds), "Time that a transaction waits at its line '--@ hold'."),
    think,
  ]

  private static func keys(_ descriptor: WorkloadDescriptor?) -> [Key<WorkloadDraft>] {
    if descriptor?.id == scriptKind { return scriptKeys }
    return [
      Key(
        "keys", \.keys, .integer(max(1, descriptor?.minimumKeys ?? 1)...1_000_000),
        "How many records are fought over."),
      Key("distribution", \.distribution, .cases, "How records are chosen."),
      Key(
        "theta", ifStated: \.theta, .number(0...10),
        "Skew of a zipfian distribution: record i with a probability proportional to (i+1)^-theta; 0.99 by default."),
      hold, think,
      Key(
        "shards", ifStated: \.shards, .integer(1...ShardedStore.maximumShards),
        "Over how many databases the records are spread, 2 by default, for strategies that span several; the others keep "
          + "all records in one."),
    ]
  }

  /// A workload that could be read.
  struct Reading {
    let settings: WorkloadSettings
    /// The mapping or the word.
    let place: Problem.Place
    /// What operations ask of strategies.
    let applicability: Applicability
  }

  /// Reads `workload`; nil after reporting why it says nothing reliable.
  static func read(_ node: YAMLNode, _ vocabulary: Vocabulary, _ diagnostics: inout Diagnostics) -> Reading? {
    let kinds = vocabulary.workloads.map(\.id)
    let before = diagnostics.problems.count
    let descriptor = descriptor(node, vocabulary, kinds, &diagnostics)
    var draft = WorkloadDraft(descriptor)
    if node.entries != nil {
      let reading = section(descriptor, kinds: kinds)
        .read(node, into: draft, acceptsUnknown: descriptor == nil, &diagnostics)
      draft = reading.value
      if let theta = reading.stated["theta"], reading.isSound("distribution"), draft.distribution == .uniform {
        diagnostics.report(theta.place, "workload.theta", "this has no meaning without 'distribution: zipfian'")
      }
    }
    guard let descriptor, diagnostics.problems.count == before else { return nil }
    let settings = draft.settings(descriptor.options)
    if let problem = vocabulary.problem(settings) {
      diagnostics.report(node.place, "workload", problem)
      return nil
    }
    return Reading(settings: settings, place: node.place, applicability: vocabulary.applicability(settings))
  }

  private static func descriptor(
    _ node: YAMLNode, _ vocabulary: Vocabulary, _ kinds: [String], _ diagnostics: inout Diagnostics
  ) -> WorkloadDescriptor? {
    var name = node
    if let entries = node.entries {
      guard let kind = entries.first(where: { $0.key == "kind" }) else {
        let message = "the key 'kind' is missing; the workloads are \(kinds.joined(separator: ", "))"
        diagnostics.report(node.place, "workload", message)
        return nil
      }
      name = kind.value
    }
    guard let text = name.text else {
      diagnostics.reportKind(name, Subject("workload"), expected: "a workload or a mapping with its 'kind'")
      return nil
    }
    if let descriptor = vocabulary.workload(text) { return descriptor }
    var hint = Suggestion.phrase(for: text, among: kinds)
    if hint.isEmpty { hint = "; the workloads are \(kinds.joined(separator: ", "))" }
    diagnostics.report(name.place, nil, "unknown workload \(text.quotedForMessage)\(hint)")
    return nil
  }
}
