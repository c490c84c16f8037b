internal import Model
internal import Yams

extension ScenarioReader {
  /// The text of a scenario file as it may be stored beside results: as it is, but without credentials.
  ///
  /// Values are taken from the parsed document and replaced at their places, so that no quoting hides one. In the rest,
  /// the comments, whatever looks like a URL loses its credentials. The text still reads as the same scenario.
  public static func textWithoutCredentials(_ text: String) -> String { StoredText(text).redacted }
}

/// The text of a scenario file, its values apart from what is between them.
struct StoredText {
  private let source: MaskedText
  private var values: [ScalarSpan] = []

  init(_ text: String) {
    source = MaskedText(text)
    // A text that is no YAML has no values: all of it is redacted like a comment.
    guard let parser = try? Document.parser(of: source), let root = try? parser.nextRoot() else { return }
    withExtendedLifetime(parser) { collect(root, isService: false) }
    values.sort { $0.range.lowerBound < $1.range.lowerBound }
  }

  private mutating func collect(_ node: Node, isService: Bool) {
    switch node {
    case .scalar(let scalar):
      guard let span = ScalarSpan(scalar, isService: isService, in: source) else { return }
      values.append(span)
    case .sequence(let sequence):
      for node in sequence { collect(node, isService: isService) }
    case .mapping(let mapping):
      for (key, value) in mapping {
        collect(key, isService: isService)
        collect(value, isService: isService || key.scalar?.string == "services")
      }
    case .alias: break  // because Yams only makes these when it writes YAML
    }
  }

  var redacted: String {
    var result = ""
    var end = 0
    for value in values where value.range.lowerBound >= end {
      result += Redaction.urls(in: source.original(end..<value.range.lowerBound))
      result += value.redacted(in: source)
      end = value.range.upperBound
    }
    return result + Redaction.urls(in: source.original(end..<source.scalars.count))
  }
}

/// Where a scalar is written in a file: Yams tells only where it begins.
struct ScalarSpan {
  /// From the opening quote to the closing one; of a block, its content without the indentation of the first line.
  let range: Range<Int>
  private let value: String
  private let isBlock: Bool
  /// Whether it says where a service is.
  private let isService: Bool

  /// Nil when nothing is written: `key:`.
  init?(_ scalar: Node.Scalar, isService: Bool, in source: MaskedText) {
    guard !scalar.string.isEmpty, let mark = scalar.mark,
      let node = source.index(line: mark.line, column: mark.column)
    else { return nil }
    var cursor = Cursor(source.scalars, at: node)
    cursor.skipProperties()
    isBlock = scalar.style == .literal || scalar.style == .folded
    if isBlock { cursor.skipLine() }
    if isBlock { cursor.skipBlanks() }
    let start = cursor.index
    switch scalar.style {
    case .singleQuoted: cursor.skipSingleQuoted()
    case .doubleQuoted: cursor.skipDoubleQuoted()
    default: cursor.skip(scalar.string)
    }
    range = start..<cursor.index
    value = source.original(scalar.string)
    self.isService = isService
  }

  /// As it is written, or what takes its place.
  func redacted(in source: MaskedText) -> String {
    var shown = isService ? Redaction.url(value.trimmed) : Redaction.urls(in: value)
    if shown == (isService ? value.trimmed : value) { return source.original(range) }
    if shown.contains(where: { $0.isNewline || $0 == "\t" }) { shown = Redaction.mask }
    return isBlock ? shown : "'" + shown.replacing("'", with: "''") + "'"
  }
}

extension String {
  /// Without the line breaks that end a block.
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.last?.isNewline == true { text.removeLast() }
    return String(text)
  }
}

/// A place in a YAML text that moves over what belongs to one scalar.
private struct Cursor {
  private let scalars: [Unicode.Scalar]
  private(set) var index: Int

  init(_ scalars: [Unicode.Scalar], at index: Int) {
    self.scalars = scalars
    self.index = index
  }

  private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
    "\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains(scalar)
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || isBreak(scalar) }

  mutating func skipBlanks() { while let scalar = current, Self.isBlank(scalar) { index += 1 } }

  mutating func skipLine() { while let scalar = current, !Self.isBreak(scalar) { index += 1 } }

  /// Anchor and tag, and what may follow them before the value: blanks and comments.
  mutating func skipProperties() {
    while let first = current, first == "&" || first == "!" {
      while let scalar = current, !Self.isBlank(scalar) { index += 1 }
      skipBlanks()
      while current == "#" {
        skipLine()
        skipBlanks()
      }
    }
  }

  mutating func skipSingleQuoted() {
    index += 1
    while let scalar = current {
      index += 1
      if scalar == "'" {
        guard current == "'" else { return }
        index += 1
      }
    }
  }

  mutating func skipDoubleQuoted() {
    index += 1
    while let scalar = current {
      index += scalar == "\\" ? 2 : 1
      if scalar == "\"" { break }
    }
    index = min(index, scalars.count)
  }

  /// What is written without quotes: it has no escapes, and only blanks may differ where lines are folded.
  mutating func skip(_ value: String) {
    for scalar in value.unicodeScalars where !Self.isBlank(scalar) {
      skipBlanks()
      guard current == scalar else { return }
      index += 1
    }
  }
}
