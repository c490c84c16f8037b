#if DynamoDB
/// A value of JSON (RFC 8259).
enum JSONValue: Equatable {
  case object([String: JSONValue])
  case array([JSONValue])
  /// A string, a number or a literal, as it is written.
  case text(String)

  /// Reads one value; nil when it is not complete or not JSON.
  init?(_ bytes: ArraySlice<UInt8>) {
    var reader = Reader(rest: bytes)
    guard let value = reader.value() else { return nil }
    self = value
  }

  /// A member of an object.
  subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[name]
  }

  var elements: [JSONValue] {
    guard case .array(let elements) = self else { return [] }
    return elements
  }

  var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  /// Nil when it is not a whole number.
  var number: Int64? { text.flatMap { Int64($0) } }
}

private struct Reader {
  var rest: ArraySlice<UInt8>

  mutating func value() -> JSONValue? {
    skipBlanks()
    switch rest.first {
    case UInt8(ascii: "{"): return object()
    case UInt8(ascii: "["): return array()
    case UInt8(ascii: "\""): return string().map { .text($0) }
    case .some: return literal()
    case nil: return nil
    }
  }

  private mutating func skipBlanks() { rest = rest.drop { $0 == 32 || (9...13).contains($0) } }

  /// Takes a character if it comes next.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func object() -> JSONValue? {
    var members: [String: JSONValue] = [:]
    guard take("{") else { return nil }
    if take("}") { return .object(members) }
    repeat {
      skipBlanks()
      guard let name = string(), take(":"), let value = value() else { return nil }
      members[name] = value
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func array() -> JSONValue? {
    var elements: [JSONValue] = []
    guard take("[") else { return nil }
    if take("]") { return .array(elements) }
    repeat {
      guard let value = value() else { return nil }
      elements.append(value)
    } while take(",")
    return take("]") ? .array(elements) : nil
  }

  /// Escapes are kept as they are but for quotes and backslashes: the keys and values that clients here store need none,
  /// and messages are only shown.
  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\"") { return String(decoding: bytes, as: UTF8.self) }
      if byte == UInt8(ascii: "\\"), let next = rest.popFirst() {
        if next != UInt8(ascii: "\"") && next != UInt8(ascii: "\\") { bytes.append(byte) }
        bytes.append(next)
      } else {
        bytes.append(byte)
      }
    }
    return nil
  }

  private mutating func literal() -> JSONValue? {
    let word = rest.prefix { byte in
      byte != UInt8(ascii: ",") && byte != UInt8(ascii: "}") && byte != UInt8(ascii: "]") && byte > 32
    }
    rest = rest[word.endIndex...]
    return word.isEmpty ? nil : .text(String(decoding: word, as: UTF8.self))
  }
}
#endif
