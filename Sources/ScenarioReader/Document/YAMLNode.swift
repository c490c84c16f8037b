internal import Model

/// A value of a scenario file and where it was stated.
///
/// Our own tree instead of that of Yams: aliases are expanded under a limit, every node has a place, and overrides
/// from the command line fit in.
struct YAMLNode: Sendable {
  /// What kinds of value there are.
  enum Content: Sendable {
    /// Text; plain when it was written without quotes, and so may be a number or a word.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([Entry])
  }

  /// A key and its value.
  struct Entry: Sendable {
    let key: String
    let place: Problem.Place
    var value: YAMLNode
  }

  var content: Content
  let place: Problem.Place

  init(_ content: Content, at place: Problem.Place) {
    self.content = content
    self.place = place
  }

  /// Text written without quotes; nil for everything else.
  var plainText: String? {
    if case .scalar(let text, true) = content { text } else { nil }
  }

  /// Text, quoted or not; nil for nothing and for collections.
  var text: String? {
    if case .scalar(let text, _) = content, !isNothing { text } else { nil }
  }

  /// No value after the colon, or one of YAML's words for none.
  var isNothing: Bool {
    guard let text = plainText else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// The entries of a mapping; nil for everything else.
  var entries: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// Whether the value comes from the command line.
  var isOverride: Bool { if case .override = place { true } else { false } }

  /// What the user wrote, for "got …" in a message.
  var kindForMessage: String {
    switch content {
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .scalar where isNothing: "nothing"
    case .scalar(let text, true): text.quotedForMessage
    case .scalar(let text, false): "the text \(text.quotedForMessage)"
    }
  }
}

extension String {
  /// The text between quotes on one line, cut to a length that leaves the message readable, and without the
  /// credentials of a URL that ended up in the wrong place.
  var quotedForMessage: String {
    let shown = contains("@") || contains("://") ? Redaction.url(self) : self
    let line = shown.map { $0.isNewline || $0 == "\t" ? " " : $0 }
    return line.count > 40 ? "'\(String(line.prefix(37)))...'" : "'\(String(line))'"
  }
}
