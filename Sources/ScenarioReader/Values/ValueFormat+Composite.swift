internal import Model
internal import Words

extension ValueFormat {
  /// A value, or a word that stands for its absence.
  static func optional<Wrapped>(_ format: ValueFormat<Wrapped>, orWord word: String) -> ValueFormat
  where Value == Wrapped? {
    let expected = "\(format.expected), or \(word)"
    return ValueFormat(
      expected: expected,
      schema: [("anyOf", .array([.object(format.schema), .object([("const", .string(word))])]))],
      read: { node, subject, diagnostics in
        if node.plainText == word { return .some(nil) }
        if let text = node.plainText, Suggestion.nearest(to: text, among: [word]) != nil {
          diagnostics.reportKind(node, subject, expected: expected, hint: Suggestion.phrase(for: text, among: [word]))
          return nil
        }
        return format.read(node, subject.allowing(", or \(word)"), &diagnostics).map(Optional.some)
      },
      show: { $0.map(format.show) ?? .string(word) })
  }

  /// One value or a list of them, not empty, without duplicates. An override may separate values by commas.
  static func list<Element: Hashable>(_ format: ValueFormat<Element>, ofAtMost limit: Int) -> ValueFormat
  where Value == [Element] {
    let expected = "\(format.expected) or a list of them"
    let items: [(key: String, value: JSON)] = [
      ("type", .string("array")), ("items", .object(format.schema)), ("minItems", .integer(1)),
      ("maxItems", .integer(limit)), ("uniqueItems", .boolean(true)),
    ]
    return ValueFormat(
      expected: expected, schema: [("anyOf", .array([.object(format.schema), .object(items)]))],
      read: { node, subject, diagnostics in
        guard let nodes = node.listed else {
          diagnostics.reportKind(node, subject, expected: expected)
          return nil
        }
        guard !nodes.isEmpty, nodes.count <= limit else {
          let message =
            nodes.isEmpty
            ? "the list is empty; state at least one value" : "\(nodes.count) values are above the maximum \(limit)"
          diagnostics.report(node.place, subject.path, message)
          return nil
        }
        let isList = if case .sequence = node.content { true } else { false }
        return elements(of: nodes, format, isList ? subject : subject.allowing(" or a list of them"), &diagnostics)
      },
      show: { .array($0.map(format.show)) })
  }

  private static func elements<Element: Hashable>(
    of nodes: [YAMLNode], _ format: ValueFormat<Element>, _ subject: Subject, _ diagnostics: inout Diagnostics
  ) -> [Element]? {
    var values: [Element] = []
    var seen: Set<Element> = []
    for node in nodes {
      guard let value = format.read(node, subject, &diagnostics) else { continue }
      if !seen.insert(value).inserted {
        diagnostics.report(node.place, subject.path, "\(node.valueForMessage) is listed twice; keep one of them")
      }
      values.append(value)
    }
    return seen.count == nodes.count ? values : nil
  }
}

extension YAMLNode {
  /// The elements of a list, or the value itself as the only one; nil for a mapping.
  var listed: [YAMLNode]? {
    switch content {
    case .sequence(let nodes): return nodes
    case .mapping: return nil
    case .scalar(let text, let isPlain):
      guard isOverride, text.contains(",") else { return [self] }
      return text.split(separator: ",", omittingEmptySubsequences: false).map {
        YAMLNode(.scalar(String($0.trimmingSpaces), isPlain: isPlain), at: place)
      }
    }
  }
}

extension Substring {
  /// Without spaces at both ends.
  var trimmingSpaces: Substring {
    let start = drop { $0 == " " }
    guard let last = start.lastIndex(where: { $0 != " " }) else { return start }
    return start[...last]
  }
}
