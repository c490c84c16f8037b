/// The text of a scenario, with characters replaced that make Yams lose information.
///
/// Yams copies aliased nodes while it composes and hashes them when they are keys, which a small hostile file can
/// stretch to hours; and it stops at the first duplicate key. So every `*` is replaced by a private character, which
/// turns aliases into ordinary scalars that we expand ourselves, and one character of a duplicate key is replaced by
/// another, which makes the key unique. Each replacement is one character for one, so positions stay true.
struct MaskedText {
  private static let alias: Unicode.Scalar = "\u{E000}"
  private static let firstDuplicate: UInt32 = 0xE100
  private static let reserved: ClosedRange<UInt32> = 0xE000...0xE1FF
  /// How many duplicate keys are replaced before the rest of the file is left unread.
  private static let maximumDuplicates = 100

  private(set) var scalars: [Unicode.Scalar]
  private var replaced: [Unicode.Scalar] = []
  /// Where each line begins, with the line breaks that libyaml knows.
  private let lines: [Int]

  init(_ text: String) {
    scalars = text.unicodeScalars.map { $0 == "*" ? Self.alias : $0 }
    var lines = [0]
    for (index, scalar) in scalars.enumerated() where "\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains(scalar) {
      let isPair = scalar == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
      if !isPair { lines.append(index + 1) }
    }
    self.lines = lines
  }

  /// What is given to Yams.
  ///
  /// Padded because Yams keeps a pointer into the string's storage, which a string of up to 15 bytes does not have;
  /// with spaces, which move no position.
  var text: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    if view.count < 16 { view.append(contentsOf: repeatElement(" ", count: 16 - view.count)) }
    var text = String(view)
    text.makeContiguousUTF8()
    return text
  }

  /// The original of a part of the text.
  func original(_ range: Range<Int>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[range].lazy.map(original))
    return String(view)
  }

  /// The original of a text that came out of Yams.
  func original(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { Self.reserved.contains($0.value) }) else { return text }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: text.unicodeScalars.map(original))
    return String(view)
  }

  private func original(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar == Self.alias { return "*" }
    let index = Int(scalar.value) - Int(Self.firstDuplicate)
    return replaced.indices.contains(index) ? replaced[index] : scalar
  }

  /// The name of the anchor if a plain scalar out of Yams is an alias.
  func aliasName(_ plain: String) -> String? {
    plain.unicodeScalars.first == Self.alias ? original(String(plain.unicodeScalars.dropFirst())) : nil
  }

  /// Makes a key unique; false when it is written in a way (escapes, tags) that hides its first character.
  mutating func maskDuplicate(_ key: String, line: Int, column: Int) -> Bool {
    guard let first = key.unicodeScalars.first, replaced.count < Self.maximumDuplicates,
      var index = index(line: line, column: column),
      let mask = Unicode.Scalar(Self.firstDuplicate + UInt32(replaced.count))
    else { return false }
    if scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
    guard index < scalars.count, scalars[index] == first else { return false }
    replaced.append(original(first))
    scalars[index] = mask
    return true
  }

  /// The first character that a YAML text may not hold, or that we reserve.
  func forbiddenCharacter() -> (scalar: Unicode.Scalar, line: Int, column: Int)? {
    var (line, column) = (1, 1)
    for scalar in scalars {
      let isReserved = scalar != Self.alias && Self.reserved.contains(scalar.value)
      let isControl = scalar.properties.generalCategory == .control && !"\t\n\r\u{85}".unicodeScalars.contains(scalar)
      if isReserved || isControl || scalar.value == 0xFFFE || scalar.value == 0xFFFF || scalar == "\u{FEFF}" {
        return (scalar, line, column)
      }
      (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
    }
    return nil
  }

  /// Whether a tab is at a position.
  func isTab(line: Int, column: Int) -> Bool { index(line: line, column: column).map { scalars[$0] == "\t" } ?? false }

  /// The offset of a position; nil when there is none.
  func index(line: Int, column: Int) -> Int? {
    guard lines.indices.contains(line - 1) else { return nil }
    let offset = lines[line - 1] + column - 1
    return offset < scalars.count ? offset : nil
  }
}
