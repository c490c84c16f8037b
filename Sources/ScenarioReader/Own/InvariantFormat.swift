internal import Model
internal import Words

extension ValueFormat where Value == [ScriptSettings.Invariant] {
  /// Queries that must hold, each with its name.
  static var invariants: ValueFormat {
    let entry = JSON.object([
      ("type", .string("object")),
      (
        "properties",
        .object(["name", "query", "equals"].map { ($0, .object([("type", .string("string"))])) })
      ),
      ("required", .strings(["name", "query"])), ("additionalProperties", .boolean(false)),
    ])
    return ValueFormat(
      expected: "a list of invariants, each with 'name' and 'query'",
      schema: [("type", .string("array")), ("items", entry)],
      read: { node, subject, diagnostics in
        guard case .sequence(let nodes) = node.content else {
          diagnostics.reportKind(node, subject, expected: "a list of invariants, each with 'name' and 'query'")
          return nil
        }
        let invariants = nodes.compactMap { InvariantText.read($0, subject, &diagnostics) }
        return invariants.count == nodes.count ? invariants : nil
      },
      show: { invariants in
        .array(
          invariants.map { invariant in
            let head: [(key: String, value: JSON)] = [
              ("name", .string(invariant.name)), ("query", .string(invariant.query)),
            ]
            return .object(head + (invariant.expected.map { [("equals", .string($0))] } ?? []))
          })
      })
  }
}

/// An entry of `invariants`.
private struct InvariantText {
  private var name: String?
  private var query: String?
  private var expected: String?

  private static func section(_ path: String) -> Section<InvariantText> {
    Section(
      path: path,
      keys: [
        Key(
          "name", ifStated: \.name, .identifier(marks: "._-", startsWithLetter: true), "Name for messages and files."),
        Key("query", ifStated: \.query, .freeText, "One statement."),
        Key(
          "equals", ifStated: \.expected, .freeText,
          "What its only value must be equal to, over what was acknowledged; without it, it must give no row."),
      ])
  }

  static func read(
    _ node: YAMLNode, _ subject: Subject, _ diagnostics: inout Diagnostics
  ) -> ScriptSettings.Invariant? {
    let before = diagnostics.problems.count
    let stated = section(subject.path).read(node, into: InvariantText(), &diagnostics).value
    guard diagnostics.problems.count == before else { return nil }
    guard let name = stated.name, let query = stated.query else {
      diagnostics.report(node.place, subject.path, "an invariant needs 'name' and 'query'")
      return nil
    }
    return ScriptSettings.Invariant(name: name, query: query, expected: stated.expected)
  }
}

extension ValueFormat where Value == [String: String] {
  /// Values of variables, by name.
  static var definitions: ValueFormat {
    ValueFormat(
      expected: "a mapping of variables to values",
      schema: [
        ("type", .string("object")),
        ("additionalProperties", .object([("type", .strings(["string", "number", "boolean"]))])),
      ],
      read: { node, subject, diagnostics in
        guard let entries = node.entries else {
          diagnostics.reportKind(node, subject, expected: "a mapping of variables to values")
          return nil
        }
        var definitions: [String: String] = [:]
        for entry in entries {
          guard case .scalar(let text, _) = entry.value.content else {
            diagnostics.reportKind(entry.value, Subject("\(subject.path).\(entry.key)"), expected: "a single value")
            return nil
          }
          definitions[entry.key] = entry.value.isNothing ? "null" : text
        }
        return definitions
      },
      show: { definitions in
        .object(definitions.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
      })
  }
}
