internal import Model
internal import Words

extension ValueFormat where Value == ScriptSettings.Source {
  /// What sets up the tables: a file, a text, or both names as a mapping.
  static var script: ValueFormat {
    let schema: [(key: String, value: JSON)] = [
      (
        "anyOf",
        .array([
          .object([("type", .string("string"))]),
          .object([
            ("type", .string("object")), ("properties", .object(ScriptText.properties)),
            ("required", .strings(["name", "text"])), ("additionalProperties", .boolean(false)),
          ]),
        ])
      )
    ]
    return ValueFormat(
      expected: "a file or a text", schema: schema,
      read: { node, subject, diagnostics in
        guard node.entries != nil else { return ScriptFiles.source(node, named: "setup", subject, &diagnostics) }
        return ScriptText.read(node, subject, &diagnostics).map(\.source)
      },
      show: { .object([("name", .string($0.name)), ("text", .string($0.text))]) })
  }
}

extension ValueFormat where Value == [ScriptSettings.Transaction] {
  /// Transaction scripts: files with their weights (`book.sql@9`), texts, or mappings of name, text and weight.
  static var scripts: ValueFormat {
    let entry = JSON.object([
      (
        "anyOf",
        .array([
          .object([("type", .string("string"))]),
          .object([
            ("type", .string("object")), ("properties", .object(ScriptText.properties + ScriptText.weight)),
            ("additionalProperties", .boolean(false)),
          ]),
        ])
      )
    ])
    return ValueFormat(
      expected: "a list of scripts",
      schema: [
        ("anyOf", .array([entry, .object([("type", .string("array")), ("minItems", .integer(1)), ("items", entry)])]))
      ],
      read: { node, subject, diagnostics in
        let nodes = if case .sequence(let nodes) = node.content { nodes } else { [node] }
        guard !nodes.isEmpty, nodes.count <= ScriptText.mostTransactions else {
          diagnostics.report(
            node.place, subject.path,
            nodes.isEmpty
              ? "the list is empty; name at least one script"
              : "\(nodes.count) scripts are above the maximum \(ScriptText.mostTransactions)")
          return nil
        }
        let transactions = nodes.enumerated().compactMap { index, node in
          transaction(node, at: index, subject, &diagnostics)
        }
        guard transactions.count == nodes.count else { return nil }
        guard transactions.contains(where: { $0.weight > 0 }) else {
          diagnostics.report(node.place, subject.path, "all weights are 0; give one script a greater weight")
          return nil
        }
        return transactions
      },
      show: { transactions in
        .array(
          transactions.map {
            .object([
              ("name", .string($0.source.name)), ("text", .string($0.source.text)), ("weight", .integer($0.weight)),
            ])
          })
      })
  }

  private static func transaction(
    _ node: YAMLNode, at index: Int, _ subject: Subject, _ diagnostics: inout Diagnostics
  ) -> ScriptSettings.Transaction? {
    if node.entries != nil { return ScriptText.read(node, subject, &diagnostics) }
    guard let text = node.text, !ScriptFiles.isText(text) else {
      return ScriptFiles.source(node, named: "transaction-\(index + 1)", subject, &diagnostics)
        .map { ScriptSettings.Transaction($0) }
    }
    // As pgbench splits it: the last @ begins the weight.
    var (name, weight) = (text, 1)
    if let mark = text.lastIndex(of: "@") {
      name = String(text[..<mark])
      guard let number = Int(text[text.index(after: mark)...]), number >= 0, number <= Int(Int32.max) else {
        diagnostics.report(
          node.place, subject.path, "\(text.quotedForMessage): the weight behind @ is no whole number from 0")
        return nil
      }
      weight = number
    }
    return ScriptFiles.file(name, at: node.place, subject, &diagnostics)
      .map { ScriptSettings.Transaction($0, weight: weight) }
  }
}

/// A script as a mapping: its name, its file or text, its weight.
struct ScriptText {
  /// As many as pgbench takes.
  static let mostTransactions = 128

  private var name: String?
  private var file: String?
  private var text: String?
  private var weight = 1

  static var properties: [(key: String, value: JSON)] {
    ["name", "file", "text"].map { ($0, .object([("type", .string("string"))])) }
  }
  static var weight: [(key: String, value: JSON)] {
    [("weight", .object([("type", .string("integer")), ("minimum", .integer(0))]))]
  }

  private static func section(_ path: String) -> Section<ScriptText> {
    Section(
      path: path,
      keys: [
        Key("name", ifStated: \.name, .sentence, "Name for messages and tables."),
        Key("file", ifStated: \.file, .sentence, "The file that holds it, beside the scenario."),
        Key("text", ifStated: \.text, .freeText, "The script itself."),
        Key("weight", \.weight, .integer(0...Int(Int32.max)), "Its share is this over the sum of all weights."),
      ])
  }

  static func read(
    _ node: YAMLNode, _ subject: Subject, _ diagnostics: inout Diagnostics
  ) -> ScriptSettings.Transaction? {
    let before = diagnostics.problems.count
    let stated = section(subject.path).read(node, into: ScriptText(), &diagnostics).value
    guard diagnostics.problems.count == before else { return nil }
    switch (stated.file, stated.text) {
    case (let file?, nil):
      guard var source = ScriptFiles.file(file, at: node.place, subject, &diagnostics) else { return nil }
      source.name = stated.name ?? source.name
      return ScriptSettings.Transaction(source, weight: stated.weight)
    case (nil, let text?):
      guard let name = stated.name else { break }
      return ScriptSettings.Transaction(ScriptSettings.Source(name: name, text: text), weight: stated.weight)
    default: break
    }
    diagnostics.report(node.place, subject.path, "state either 'file', or 'text' with a 'name'")
    return nil
  }
}
