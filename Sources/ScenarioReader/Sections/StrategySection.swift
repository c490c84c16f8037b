internal import Model
internal import Words

/// What an entry of `strategies` states, before it becomes a selection.
struct StrategyDraft: StatesOptions {
  var id: String
  var label: String?
  var over: String?
  var retry: RetryPolicy?
  var expectation: Expectation?
  var transactions: [ScriptSettings.Transaction]?
  var adapter: AdapterSettings?
  var statedOptions: [String: OptionValue] = [:]

  init(id: String) { self.id = id }

  /// The draft that reads back to a selection.
  init(_ selection: StrategySelection) {
    (id, label, over) = (selection.id, selection.label, selection.over)
    (retry, transactions) = (selection.retry, selection.transactions)
    (expectation, statedOptions) = (selection.expectation, selection.options.values)
    adapter = selection.adapter
  }
}

/// A strategy that could be read, and where.
struct StrategyReading {
  var selection: StrategySelection
  let descriptor: StrategyDescriptor
  let place: Problem.Place
}

/// The keys of an entry of `strategies`.
enum StrategySection {
  /// Names for tables and files.
  static let label = ValueFormat<String>.identifier(marks: "._-+()", startsWithLetter: true)

  /// The keys for a strategy; its id only names it and is not read again.
  ///
  /// - Parameter index: its number in the list from 0, by which overrides reach it too.
  static func section(_ descriptor: StrategyDescriptor?, at index: Int = 0) -> Section<StrategyDraft> {
    let names = descriptor.map { [$0.id] + $0.aliases } ?? []
    let id = Key<StrategyDraft>("id", schema: [("enum", .strings(names))], "The strategy, by id or alias.") {
      _, _, _, _ in
      true
    } show: {
      .string($0.id)
    }
    let external = descriptor.flatMap { $0.takesProgram ? ExternalSection.keys($0) : nil }
    let keys: [Key<StrategyDraft>] =
      (external ?? [id]) + [
        Key(
          "label", ifStated: \.label, label, "Name in tables and files; the id by default, with the store of 'over'."),
        over(descriptor),
        retry,
        Key(
          "expect", ifStated: \.expectation, .cases, "What the run must show; by default what the strategy promises."),
      ]
    let own = descriptor?.applicability == .script ? [transactions] : []
    var section = Section(path: "strategies.\(index)", keys: keys + own).with(descriptor?.options ?? [])
    if let descriptor, !descriptor.hasFence { section.refusals[Fence.optionName] = refusalOfFence(descriptor) }
    return section
  }

  /// A policy of its own: the same keys as the scenario's.
  private static let retry = Key<StrategyDraft>(
    "retry", schema: [("$ref", .string("#/properties/retry"))], "A retry policy of its own; by default the scenario's."
  ) { node, _, diagnostics, draft in
    let before = diagnostics.problems.count
    draft.retry = RetrySection.read(node, &diagnostics)
    return diagnostics.problems.count == before
  } show: {
    $0.retry.map { .object(RetrySection.section.show($0)) }
  }

  /// Scripts of its own.
  private static let transactions = Key<StrategyDraft>(
    "transactions", ifStated: \.transactions, .scripts, "Scripts that it runs instead of those of the workload.")

  private static func over(_ descriptor: StrategyDescriptor?) -> Key<StrategyDraft> {
    let summary = "The store that a locking strategy protects, or the strategy that it goes around."
    guard let descriptor else {
      return Key("over", schema: [], summary, read: { _, _, _, _ in true }, show: { $0.over.map(JSON.string) })
    }
    if let parts = StrategyDescriptor.parts(of: descriptor.id) {
      // It is a part of the id already, where there is one.
      let shown: JSON? = descriptor.takesProgram ? .string(parts.inner) : nil
      return Key("over", schema: [], summary, read: { _, _, _, _ in true }, show: { _ in shown })
    }
    let stores = [descriptor.store] + descriptor.stores.filter { $0 != descriptor.store }
    let format = ValueFormat<String>.word(stores)
    // A lock goes around records of a store, or around a strategy by id or alias.
    let schema: [(key: String, value: JSON)] =
      descriptor.stores.isEmpty
      ? format.schema
      : [
        (
          "anyOf",
          .array([
            .object(format.schema),
            .object([("type", .string("string")), ("pattern", .string("^[a-z]+[.-][a-z-]+$"))]),
          ])
        )
      ]
    return Key("over", schema: schema, summary) { node, subject, diagnostics, draft in
      if descriptor.stores.isEmpty, let text = node.text, text != descriptor.store {
        let message = "strategy \(descriptor.id) works on its own store, \(descriptor.store); remove 'over'"
        diagnostics.report(node.place, subject.path, message)
        return false
      }
      guard let store = format.read(node, subject, &diagnostics) else { return false }
      draft.over = store == descriptor.store ? nil : store
      return true
    } show: {
      $0.over.map(JSON.string)
    }
  }

  /// Reads `strategies`: those of its entries that could be read.
  static func read(_ node: YAMLNode, _ vocabulary: Vocabulary, _ diagnostics: inout Diagnostics) -> [StrategyReading] {
    guard let nodes = node.listedStrategies else {
      diagnostics.reportKind(node, Subject("strategies"), expected: "a list of strategies")
      return []
    }
    if nodes.isEmpty {
      diagnostics.report(node.place, "strategies", "the list is empty; state at least one, see 'contend list'")
    }
    return nodes.enumerated().compactMap { entry(of: $1, at: $0, vocabulary, &diagnostics) }
  }

  private static func entry(
    of node: YAMLNode, at index: Int, _ vocabulary: Vocabulary, _ diagnostics: inout Diagnostics
  ) -> StrategyReading? {
    let before = diagnostics.problems.count
    var descriptor = descriptor(node, at: index, vocabulary, &diagnostics)
    if let store = node.entries?.first(where: { $0.key == "over" })?.value, let text = store.text,
      let backend = vocabulary.missingBackend(of: text)
    {
      diagnostics.report(store.place, "strategies.\(index).over", "\(text) \(backend.remedy)")
      return nil
    }
    if let lock = descriptor, let inner = innerStrategy(of: node, vocabulary) {
      guard let composed = vocabulary.strategy(lock.id + StrategyDescriptor.around + inner.id) else {
        diagnostics.report(
          inner.place, "strategies.\(index).over",
          "\(lock.id) does not go around \(inner.id): a lock goes around a strategy that suspends, keeps records of its own "
            + "and protects them, such as postgres.for-update")
        return nil
      }
      descriptor = composed
    }
    var draft = StrategyDraft(id: descriptor?.id ?? "")
    if let variant = ScriptVariantName(node.strategyName) {
      draft.statedOptions[OptionSpecification.scriptVariant.name] = .word(variant.name)
    }
    if node.entries != nil {
      draft =
        section(descriptor, at: index)
        .read(node, into: draft, acceptsUnknown: descriptor == nil, &diagnostics).value
    }
    if let descriptor { checkFence(draft, descriptor, of: node, at: index, &diagnostics) }
    guard let descriptor, diagnostics.problems.count == before else { return nil }
    if descriptor.takesProgram,
      !ExternalSection.complete(&draft, of: node, at: index, vocabulary, &diagnostics)
    {
      return nil
    }
    let name = draft.label ?? draft.adapter.map(ExternalSection.label) ?? scriptLabel(draft)
    var selection = StrategySelection(
      id: descriptor.id, label: name ?? label(of: descriptor.id, over: draft.over), over: draft.over,
      options: Options(descriptor.options, stated: draft.statedOptions), retry: draft.retry,
      expectation: draft.expectation, adapter: draft.adapter)
    selection.transactions = draft.transactions
    return StrategyReading(selection: selection, descriptor: descriptor, place: node.place)
  }

  /// How a strategy that runs scripts is told from others that run other scripts, or another variant; nil for the rest.
  private static func scriptLabel(_ draft: StrategyDraft) -> String? {
    if case .word(let variant)? = draft.statedOptions[OptionSpecification.scriptVariant.name], !variant.isEmpty {
      return "\(draft.id).\(variant)"
    }
    guard let transactions = draft.transactions else { return nil }
    let names = transactions.map { ScriptFiles.stem(of: $0.source.name) }
    return "\(draft.id)(\(names.joined(separator: "+")))"
  }

  // MARK: fences

  /// Why a strategy has no fence.
  private static func refusalOfFence(_ descriptor: StrategyDescriptor) -> String {
    descriptor.stores.isEmpty
      ? "a fence is for a lock around the plain records of a store; remove 'fence' from \(descriptor.id)"
      : "\(descriptor.id) gives no fencing token, so that records have nothing to compare; remove 'fence', or take a lock "
        + "that gives one, such as redis.lock"
  }

  /// A fence that no store keeps would be taken for one that does.
  private static func checkFence(
    _ draft: StrategyDraft, _ descriptor: StrategyDescriptor, of node: YAMLNode, at index: Int,
    _ diagnostics: inout Diagnostics
  ) {
    let store = draft.over ?? descriptor.store
    let fence = Options(descriptor.options, stated: draft.statedOptions).fence
    guard fence != .none, !descriptor.fencedStores.contains(store) else { return }
    let place = node.entries?.first { $0.key == Fence.optionName || $0.key == "over" }?.value.place ?? node.place
    diagnostics.report(
      place, "strategies.\(index).\(Fence.optionName)",
      "the records of \(store) do not compare the fencing tokens of \(descriptor.id); state 'fence: none', or put it over "
        + descriptor.fencedStores.joined(separator: ", "))
  }

  /// The strategy that `over` names, if it names one and not a store.
  private static func innerStrategy(
    of node: YAMLNode, _ vocabulary: Vocabulary
  ) -> (id: String, place: Problem.Place)? {
    guard let over = node.entries?.first(where: { $0.key == "over" })?.value, let text = over.text,
      let inner = vocabulary.strategy(text)
    else { return nil }
    return (inner.id, over.place)
  }

  /// The parts of a composition joined by `+`: a label has no blanks.
  private static func label(of id: String, over store: String?) -> String {
    if let parts = StrategyDescriptor.parts(of: id) { return "\(parts.lock)+\(parts.inner)" }
    return ([id] + [store].compactMap { $0 }).joined(separator: "+")
  }

  private static func descriptor(
    _ node: YAMLNode, at index: Int, _ vocabulary: Vocabulary, _ diagnostics: inout Diagnostics
  ) -> StrategyDescriptor? {
    var name = node
    if let entries = node.entries {
      if entries.contains(where: { $0.key == ExternalSection.mark }) {
        return ExternalSection.descriptor(node, at: index, vocabulary, &diagnostics)
      }
      guard let id = entries.first(where: { $0.key == "id" }) else {
        diagnostics.report(node.place, "strategies.\(index)", "the key 'id' is missing; see 'contend list'")
        return nil
      }
      name = id.value
    }
    if let variant = ScriptVariantName(name.text), let descriptor = vocabulary.strategy(variant.strategy) {
      return descriptor
    }
    guard let text = name.text else {
      diagnostics.reportKind(name, Subject("strategies.\(index)"), expected: "a strategy or a mapping with its 'id'")
      return nil
    }
    if let descriptor = vocabulary.strategy(text) {
      if descriptor.takesProgram { ExternalSection.reportUnnamed(descriptor, at: name.place, index, &diagnostics) }
      return descriptor.takesProgram ? nil : descriptor
    }
    if let backend = vocabulary.missingBackend(of: text) {
      diagnostics.report(name.place, nil, "\(text.quotedForMessage) \(backend.remedy)")
      return nil
    }
    var hint = Suggestion.phrase(for: text, among: vocabulary.strategyNames)
    if hint.isEmpty { hint = "; see 'contend list'" }
    diagnostics.report(name.place, nil, "unknown strategy \(text.quotedForMessage)\(hint)")
    return nil
  }
}

/// A strategy that runs scripts with the variant that it runs: `postgres.script.no-key`.
private struct ScriptVariantName {
  let strategy: String
  let name: String

  init?(_ text: String?) {
    guard let text, let mark = text.firstRange(of: ".script.") else { return nil }
    strategy = text[..<mark.lowerBound] + ".script"
    name = String(text[mark.upperBound...])
  }
}

extension YAMLNode {
  /// The id of a strategy as it is stated.
  fileprivate var strategyName: String? {
    if let entries { return entries.first { $0.key == "id" }?.value.text }
    return text
  }

  /// The elements of a list; an override may separate ids by commas.
  fileprivate var listedStrategies: [YAMLNode]? {
    switch content {
    case .sequence(let nodes): return nodes
    case .scalar(let text, let isPlain) where !isNothing:
      guard case .override = place else { return nil }
      return text.split(separator: ",").map {
        YAMLNode(.scalar(String($0.trimmingSpaces), isPlain: isPlain), at: place)
      }
    default: return nil
    }
  }
}
