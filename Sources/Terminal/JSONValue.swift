/// A value of JSON (RFC 8259), with its keys in the order given.
public enum JSONValue {
  /// Members in order.
  case object([(key: String, value: JSONValue)])
  /// Elements.
  case array([JSONValue])
  /// Text.
  case string(String)
  /// A whole number.
  case integer(Int64)
  /// A number.
  case number(Double)
  /// A truth value.
  case boolean(Bool)
  /// Nothing.
  case null

  /// A count that may be missing.
  public static func optional(_ value: UInt64?) -> JSONValue { value.map { .integer(Int64(clamping: $0)) } ?? .null }
  /// A number that may be missing.
  public static func optional(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
  /// A truth value that may be missing.
  public static func optional(_ value: Bool?) -> JSONValue { value.map { .boolean($0) } ?? .null }

  /// The value as text over several lines, without a line feed at its end. A number that JSON cannot write is null.
  public func text(indent: String = "") -> String {
    switch self {
    case .object(let members):
      Self.block("{", members.map { "\(Self.quoted($0.key)): \($0.value.text(indent: indent + "  "))" }, "}", indent)
    case .array(let elements):
      Self.block("[", elements.map { $0.text(indent: indent + "  ") }, "]", indent)
    case .string(let text): Self.quoted(text)
    case .integer(let value): "\(value)"
    case .number(let value): value.isFinite ? "\(value)" : "null"
    case .boolean(let value): "\(value)"
    case .null: "null"
    }
  }

  private static func block(_ opening: String, _ parts: [String], _ closing: String, _ indent: String) -> String {
    guard !parts.isEmpty else { return opening + closing }
    return "\(opening)\n" + parts.map { "\(indent)  \($0)" }.joined(separator: ",\n") + "\n\(indent)\(closing)"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
