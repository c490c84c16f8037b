/// A value of JSON (RFC 8259), with its keys in the order given.
public indirect enum JSON: Sendable {
  /// Text.
  case string(String)
  /// A number, `true`, `false` or `null`, as it is written.
  case literal(String)
  /// Elements.
  case array([JSON])
  /// Members in order.
  case object([(key: String, value: JSON)])

  /// A whole number; null when it is missing.
  public static func integer(_ value: (some BinaryInteger)?) -> JSON { value.map { .literal(String($0)) } ?? .null }
  /// A number; null when it is missing, and when JSON cannot write it.
  public static func number(_ value: Double?) -> JSON {
    value.flatMap { $0.isFinite ? .literal("\($0)") : nil } ?? .null
  }
  /// A truth value; null when it is missing.
  public static func boolean(_ value: Bool?) -> JSON { value.map { .literal("\($0)") } ?? .null }
  /// Text; null when it is missing.
  public static func string(ifAny value: String?) -> JSON { value.map { .string($0) } ?? .null }
  /// Words.
  public static func strings(_ values: [String]) -> JSON { .array(values.map(JSON.string)) }
  /// Nothing.
  public static var null: JSON { .literal("null") }

  /// The members of an object; none for everything else.
  public var members: [(key: String, value: JSON)] {
    if case .object(let members) = self { members } else { [] }
  }

  /// The text over several lines, without a line feed at its end.
  ///
  /// - Parameters:
  ///   - indent: blanks before each line but the first.
  ///   - listWidth: a list of scalars is written on one line when that ends within so many characters.
  public func text(indent: Int = 0, listWidth: Int = 0) -> String {
    switch self {
    case .string(let text): return Self.quoted(text)
    case .literal(let text): return text
    case .array(let elements):
      if let line = compact, elements.isEmpty || line.count + indent <= listWidth { return line }
      return Self.block("[", elements.map { $0.text(indent: indent + 2, listWidth: listWidth) }, "]", indent)
    case .object(let members):
      let lines = members.map {
        "\(Self.quoted($0.key)): \($0.value.text(indent: indent + 2, listWidth: listWidth))"
      }
      return lines.isEmpty ? "{}" : Self.block("{", lines, "}", indent)
    }
  }

  private static func block(_ open: String, _ lines: [String], _ close: String, _ indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    return "\(open)\n" + lines.map { "\(margin)  \($0)" }.joined(separator: ",\n") + "\n\(margin)\(close)"
  }

  /// A scalar, or a list of scalars, on one line; nil for what deserves several.
  public var compact: String? {
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
  public static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      // YAML does not allow DEL either.
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        result += "\\u" + String(scalar.value, radix: 16).rightAligned(4, fill: "0")
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
