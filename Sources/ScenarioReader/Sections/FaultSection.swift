internal import Model
internal import Words

/// What an entry of `faults` states, before it becomes settings.
struct FaultDraft: StatesOptions {
  var kind: String
  var service: String?
  var start = FaultTime.share(0.3)
  var length: FaultTime?
  var interval: Duration?
  var statedOptions: [String: OptionValue] = [:]

  init(_ descriptor: FaultDescriptor?) {
    kind = descriptor?.id ?? ""
    length = descriptor?.length
  }

  /// The draft that reads back to settings.
  init(_ settings: FaultSettings) {
    (kind, service, start, length) = (settings.kind, settings.service, settings.start, settings.length)
    (interval, statedOptions) = (settings.interval, settings.options.values)
  }

  func settings(_ options: [OptionSpecification]) -> FaultSettings {
    FaultSettings(
      kind: kind, service: service, start: start, length: length, interval: interval,
      options: Options(options, stated: statedOptions))
  }
}

/// The list `faults`: what is done to every trial while it runs.
enum FaultSection {
  /// The most faults of a scenario.
  static let maximumFaults = 20
  private static let upToADay = Duration.zero ... .seconds(86_400)

  /// A fault that could be read, and where.
  struct Reading {
    let settings: FaultSettings
    let place: Problem.Place
  }

  /// The keys for a kind of fault; its name is not read again.
  ///
  /// - Parameter index: its number in the list from 0, by which overrides reach it, too.
  static func section(
    _ descriptor: FaultDescriptor?, _ vocabulary: Vocabulary, at index: Int = 0
  ) -> Section<FaultDraft> {
    let kind = Key<FaultDraft>(
      "kind", schema: [("enum", .strings(descriptor.map { [$0.id] } ?? vocabulary.faults.map(\.id)))],
      "What is done."
    ) { _, _, _, _ in
      true
    } show: {
      .string($0.kind)
    }
    var keys = [kind]
    if (descriptor?.subject ?? .service) == .service {
      keys.append(
        Key(
          "service", ifStated: \.service, .word(vocabulary.services.map(\.name)),
          "The service that it is done to; the first one that the strategy needs by default."))
    }
    keys.append(
      Key(
        "at", \.start, .faultTime(upToADay),
        "When it happens, from the opening of the measured window: a duration, a share of the window, or a multiple."))
    if descriptor?.canEnd != false {
      keys.append(
        Key(
          "for", ifStated: \.length, .faultTime(upToADay),
          "How long it lasts: a duration, a share of the window, or a multiple of an option of the strategy: 3x ttl."))
    }
    keys.append(
      Key(
        "every", ifStated: \.interval, .duration(.milliseconds(1) ... .seconds(86_400)),
        "From one time to the next, as often as there is time for; once without it."))
    return Section(path: "faults.\(index)", keys: keys).with(descriptor?.options ?? [])
  }

  /// Reads `faults`: those of its entries that could be read. Nothing is done to trials without it.
  static func read(_ node: YAMLNode?, _ vocabulary: Vocabulary, _ diagnostics: inout Diagnostics) -> [Reading] {
    guard let node else { return [] }
    guard case .sequence(let nodes) = node.content else {
      diagnostics.reportKind(node, Subject("faults"), expected: "a list of faults, each with its 'kind'")
      return []
    }
    guard nodes.count <= maximumFaults else {
      diagnostics.report(node.place, "faults", "\(nodes.count) faults are above the maximum \(maximumFaults)")
      return []
    }
    return nodes.enumerated().compactMap { entry($1, at: $0, vocabulary, &diagnostics) }
  }

  private static func entry(
    _ node: YAMLNode, at index: Int, _ vocabulary: Vocabulary, _ diagnostics: inout Diagnostics
  ) -> Reading? {
    let before = diagnostics.problems.count
    let kinds = vocabulary.faults.map(\.id)
    let descriptor = descriptor(node, at: index, vocabulary, kinds, &diagnostics)
    var draft = FaultDraft(descriptor)
    if node.entries != nil {
      draft =
        section(descriptor, vocabulary, at: index)
        .read(node, into: draft, acceptsUnknown: descriptor == nil, &diagnostics).value
    }
    guard let descriptor, diagnostics.problems.count == before else { return nil }
    return Reading(settings: draft.settings(descriptor.options), place: node.place)
  }

  private static func descriptor(
    _ node: YAMLNode, at index: Int, _ vocabulary: Vocabulary, _ kinds: [String], _ diagnostics: inout Diagnostics
  ) -> FaultDescriptor? {
    var name = node
    if let entries = node.entries {
      guard let kind = entries.first(where: { $0.key == "kind" }) else {
        let message = "the key 'kind' is missing; the faults are \(kinds.joined(separator: ", "))"
        diagnostics.report(node.place, "faults.\(index)", message)
        return nil
      }
      name = kind.value
    }
    guard let text = name.text else {
      diagnostics.reportKind(name, Subject("faults.\(index)"), expected: "a fault or a mapping with its 'kind'")
      return nil
    }
    if let descriptor = vocabulary.faults.first(where: { $0.id == text }) { return descriptor }
    var hint = Suggestion.phrase(for: text, among: kinds)
    if hint.isEmpty { hint = "; the faults are \(kinds.joined(separator: ", "))" }
    diagnostics.report(name.place, nil, "unknown fault \(text.quotedForMessage)\(hint)")
    return nil
  }
}
