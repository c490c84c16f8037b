/// A value of EDN (extensible data notation), as far as histories have them.
enum EDNForm: Equatable {
  case none
  case integer(Int64)
  case boolean(Bool)
  /// A keyword without its colon, or a symbol.
  case word(String)
  case string(String)
  /// A vector, a list or a set.
  case sequence([EDNForm])
  /// Keys and values by turns.
  indirect case map([(key: EDNForm, value: EDNForm)])

  static func == (left: EDNForm, right: EDNForm) -> Bool {
    switch (left, right) {
    case (.none, .none): true
    case (.integer(let left), .integer(let right)): left == right
    case (.boolean(let left), .boolean(let right)): left == right
    case (.word(let left), .word(let right)), (.string(let left), .string(let right)): left == right
    case (.sequence(let left), .sequence(let right)): left == right
    case (.map(let left), .map(let right)): left.elementsEqual(right) { $0.key == $1.key && $0.value == $1.value }
    default: false
    }
  }

  /// The value of a keyword in a map; nil when it is missing or this is no map.
  subscript(_ name: String) -> EDNForm? {
    guard case .map(let members) = self else { return nil }
    return members.first { $0.key == .word(name) }?.value
  }

  /// As a message shows it.
  var text: String {
    switch self {
    case .none: "nil"
    case .integer(let value): "\(value)"
    case .boolean(let value): "\(value)"
    case .word(let word): ":\(word)"
    case .string(let text): "\"\(text)\""
    case .sequence(let elements): "[\(elements.map(\.text).joined(separator: " "))]"
    case .map(let members): "{\(members.map { "\($0.key.text) \($0.value.text)" }.joined(separator: ", "))}"
    }
  }
}
