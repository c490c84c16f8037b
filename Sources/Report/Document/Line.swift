/// A line of running text. Renderers escape it: names from scenario files and messages from servers may hold anything.
struct Line: Sendable, Equatable, ExpressibleByStringLiteral {
  /// A stretch of one kind.
  enum Span: Sendable, Equatable {
    case text(String)
    case strong(String)
    /// Something to type or to find in a file.
    case code(String)
  }

  /// The stretches in their order.
  var spans: [Span]

  init(_ spans: [Span]) { self.spans = spans }
  init(_ text: String) { spans = [.text(text)] }
  init(stringLiteral text: String) { self.init(text) }

  /// The words alone.
  var plainText: String {
    spans.map { span in
      switch span {
      case .text(let text), .strong(let text), .code(let text): text
      }
    }.joined()
  }
}
