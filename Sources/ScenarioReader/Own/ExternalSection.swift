internal import Model
internal import Words

/// The keys of an entry of `strategies` that names a program of the user's instead of a strategy:
/// `{external: ./my-lock, as: lock}`.
enum ExternalSection {
  /// The key by which such an entry is known.
  static let mark = "external"
  private static let roles = ["lock", "records"]

  /// The keys that take the place of `id`.
  ///
  /// - Parameter descriptor: the strategy that the program becomes.
  static func keys(_ descriptor: StrategyDescriptor) -> [Key<StrategyDraft>] {
    let words: [(key: String, value: JSON)] = [
      (
        "anyOf",
        .array([
          .object([("type", .string("string")), ("minLength", .integer(1))]),
          .object([
            ("type", .string("array")), ("items", .object([("type", .string("string"))])), ("minItems", .integer(1)),
          ]),
        ])
      )
    ]
    let role = role(of: descriptor)
    return [
      Key(
        mark, schema: words,
        "The program and its arguments: as in a shell, but without expansion, or a list of words. See ExternalClients."
      ) { node, subject, diagnostics, draft in
        guard let command = command(node, subject, &diagnostics) else { return false }
        draft.adapter = AdapterSettings(
          command: command, program: draft.adapter?.program ?? "", services: draft.adapter?.services ?? [],
          options: draft.adapter?.options ?? [:])
        return true
      } show: {
        $0.adapter.map { shown($0.command) }
      },
      // It has been read already: it decides which strategy it is.
      Key("as", schema: [("const", .string(role))], "What it is: a lock, or one that does whole operations.") {
        _, _, _, _ in
        true
      } show: { _ in
        .string(role)
      },
      Key(
        "services",
        schema: [("type", .string("array")), ("items", .object([("type", .string("string"))]))],
        "Services that it is told the addresses of, besides that of the store."
      ) { node, subject, diagnostics, draft in
        guard case .sequence(let nodes) = node.content else {
          diagnostics.reportKind(node, subject, expected: "a list of services such as [redis]")
          return false
        }
        draft.adapter?.services = nodes.compactMap(\.text)
        return true
      } show: {
        $0.adapter.map { .strings($0.services) }
      },
      Key(
        "options", schema: [("type", .string("object"))], "What it is told besides, and nobody else looks at."
      ) { node, subject, diagnostics, draft in
        guard let options = options(node, subject, &diagnostics) else { return false }
        draft.adapter?.options = options
        return true
      } show: { draft in
        guard let options = draft.adapter?.options, !options.isEmpty else { return nil }
        return .object(options.sorted { $0.key < $1.key }.map { ($0.key, $0.value.shown) })
      },
    ]
  }

  private static func role(of descriptor: StrategyDescriptor) -> String {
    let own = StrategyDescriptor.parts(of: descriptor.id)?.lock ?? descriptor.id
    return roles.first { own == "\(mark).\($0)" } ?? roles[0]
  }

  /// The strategy that such an entry is, by its `as`; nil after reporting what is wrong with that.
  static func descriptor(
    _ node: YAMLNode, at index: Int, _ vocabulary: Vocabulary, _ diagnostics: inout Diagnostics
  ) -> StrategyDescriptor? {
    guard let role = node.entries?.first(where: { $0.key == "as" })?.value else {
      diagnostics.report(
        node.place, "strategies.\(index)",
        "the key 'as' is missing: state 'as: lock' for a program that is a lock, 'as: records' for one that does whole "
          + "operations")
      return nil
    }
    guard let text = ValueFormat<String>.word(roles).read(role, Subject("strategies.\(index).as"), &diagnostics) else {
      return nil
    }
    if let descriptor = vocabulary.strategy("\(mark).\(text)") { return descriptor }
    diagnostics.report(role.place, "strategies.\(index).as", "this program runs no external \(text)")
    return nil
  }

  /// Reports that such a strategy was named by its id, and no program.
  static func reportUnnamed(
    _ descriptor: StrategyDescriptor, at place: Problem.Place, _ index: Int, _ diagnostics: inout Diagnostics
  ) {
    diagnostics.report(
      place, "strategies.\(index)",
      "\(descriptor.id) is a program of yours; state 'external: PROGRAM, as: \(role(of: descriptor))' in place of the id"
    )
  }

  /// Looks for the program and for the services; false after reporting what is wrong.
  static func complete(
    _ draft: inout StrategyDraft, of node: YAMLNode, at index: Int, _ vocabulary: Vocabulary,
    _ diagnostics: inout Diagnostics
  ) -> Bool {
    // What is wrong with the command has been reported.
    guard var adapter = draft.adapter else { return false }
    let before = diagnostics.problems.count
    let places = Dictionary((node.entries ?? []).map { ($0.key, $0.value.place) }) { first, _ in first }
    let known = vocabulary.services.map(\.name)
    for service in adapter.services where !known.contains(service) {
      diagnostics.report(
        places["services"] ?? node.place, "strategies.\(index).services",
        "there is no service \(service.quotedForMessage)\(Suggestion.phrase(for: service, among: known)); the services are "
          + known.joined(separator: ", "))
    }
    do throws(ProgramSearch.Failure) {
      adapter.program = try ProgramSearch.path(
        of: adapter.command[0], scenario: diagnostics.path, insists: vocabulary.findsFiles)
    } catch {
      diagnostics.report(places[mark] ?? node.place, "strategies.\(index).\(mark)", error.message)
    }
    draft.adapter = adapter
    return diagnostics.problems.count == before
  }

  /// A label by the name of the program.
  static func label(of adapter: AdapterSettings) -> String {
    let name = String(
      adapter.name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-+()".contains($0)) ? $0 : "-" })
    return name.first?.isLetter == true ? name : "external-\(name)"
  }

  // MARK: values

  private static func command(
    _ node: YAMLNode, _ subject: Subject, _ diagnostics: inout Diagnostics
  ) -> [String]? {
    var words: [String]?
    if case .sequence(let nodes) = node.content {
      words = nodes.allSatisfy { $0.text != nil } ? nodes.compactMap(\.text) : nil
    } else if let text = node.text {
      words = CommandWords.split(text)
      if words == nil {
        diagnostics.report(node.place, subject.path, "a quotation mark is not closed")
        return nil
      }
    }
    guard let words, let first = words.first, !first.isEmpty else {
      diagnostics.reportKind(node, subject, expected: "a program with its arguments")
      return nil
    }
    return words
  }

  private static func shown(_ command: [String]) -> JSON {
    let line = command.joined(separator: " ")
    return CommandWords.split(line) == command ? .string(line) : .strings(command)
  }

  private static func options(
    _ node: YAMLNode, _ subject: Subject, _ diagnostics: inout Diagnostics
  ) -> [String: OptionValue]? {
    guard let entries = node.entries else {
      diagnostics.reportKind(node, subject, expected: "a mapping of names and values")
      return nil
    }
    var options: [String: OptionValue] = [:]
    for entry in entries {
      guard let text = entry.value.text else {
        diagnostics.reportKind(
          entry.value, Subject("\(subject.path).\(entry.key)"), expected: "a number, a flag or a word")
        return nil
      }
      options[entry.key] = OptionValue(free: text)
    }
    return options
  }
}

extension OptionValue {
  /// What a text without a declared kind is.
  fileprivate init(free text: String) {
    switch text {
    case "true": self = .flag(true)
    case "false": self = .flag(false)
    default:
      if DecimalText.isWhole(text), let value = Int(text) {
        self = .integer(value)
      } else if let value = DecimalText.number(text) {
        self = .number(value)
      } else {
        self = .word(text)
      }
    }
  }

  /// As it is written.
  fileprivate var shown: JSON {
    switch self {
    case .integer(let value): .integer(value)
    case .number(let value): .literal(DecimalText.text(of: value))
    case .flag(let value): .boolean(value)
    case .duration(let value): .string(DurationText.text(of: value))
    case .word(let value): .string(value)
    }
  }
}
