/// A value of JSON with ordered keys: default values, schemas and resolved scenarios are built of it.
indirect enum JSON: Sendable {
  case string(String)
  /// A number or `true` or `false`, as it is written.
  case literal(String)
  case array([JSON])
  case object([(key: String, value: JSON)])

  /// A whole number.
  static func integer(_ value: some BinaryInteger) -> JSON { .literal(String(value)) }
  /// Words.
  static func strings(_ values: [String]) -> JSON { .array(values.map(JSON.string)) }

  /// The members of an object; none for everything else.
  var members: [(key: String, value: JSON)] {
    if case .object(let members) = self { members } else { [] }
  }

  /// The text on as many lines as readable, without a final newline.
  func text(indent: Int = 0) -> String {
    switch self {
    case .string(let text): return Self.quoted(text)
    case .literal(let text): return text
    case .array(let elements):
      if let line = compact, line.count + indent <= 100 { return line }
      return Self.block("[", elements.map { $0.text(indent: indent + 2) }, "]", indent)
    case .object(let members):
      if members.isEmpty { return "{}" }
      return Self.block(
        "{", members.map { "\(Self.quoted($0.key)): \($0.value.text(indent: indent + 2))" }, "}", indent)
    }
  }

  private static func block(_ open: String, _ lines: [String], _ close: String, _ indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    return "\(open)\n" + lines.map { "\(margin)  \($0)" }.joined(separator: ",\n") + "\n\(margin)\(close)"
  }

  /// A scalar, or a list of scalars, on one line; nil for what deserves several.
  var compact: String? {
    switch self {
    case .string(let text): return Self.quoted(text)
    case .literal(let text): return text
    case .array(let elements):
      let parts = elements.map { element -> String? in
        if case .array = element { nil } else { element.compact }
      }
      return parts.contains(nil) ? nil : "[\(parts.compactMap { $0 }.joined(separator: ", "))]"
    case .object: return nil
    }
  }

  /// A string of JSON, which is one of YAML too.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let code = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
