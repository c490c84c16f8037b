@preconcurrency internal import Glibc

/// What an output can show.
public struct TerminalStyle: Sendable, Equatable {
  /// Characters in a line.
  public var width: Int
  /// Whether a person watches, rather than a file or a pipe.
  public var isTerminal: Bool
  /// Whether colours are welcome. They only ever repeat what the words say.
  public var usesColour: Bool
  /// Whether a line can be written again in its place.
  public var canRewriteLine: Bool

  /// Makes a style by hand.
  public init(width: Int, isTerminal: Bool = false, usesColour: Bool = false, canRewriteLine: Bool = false) {
    self.width = width
    self.isTerminal = isTerminal
    self.usesColour = usesColour
    self.canRewriteLine = canRewriteLine
  }

  /// Decides from what is known about an output.
  ///
  /// - Parameters:
  ///   - isTerminal: whether the descriptor is a terminal. Files and pipes get 120 columns and plain text.
  ///   - windowColumns: width of the window as the kernel reports it; nil or 0 when it does not know.
  ///   - environment: looks up `COLUMNS`, `TERM` and `NO_COLOR` (set and not empty: no colours, https://no-color.org).
  public init(isTerminal: Bool, windowColumns: Int?, environment: (String) -> String?) {
    guard isTerminal else {
      self.init(width: 120)
      return
    }
    let isDumb = environment("TERM") == "dumb"
    let columns = windowColumns.flatMap { $0 > 0 ? $0 : nil } ?? environment("COLUMNS").flatMap { Int($0) }
    self.init(
      width: columns.flatMap { $0 > 0 ? $0 : nil } ?? 80, isTerminal: true,
      usesColour: !isDumb && (environment("NO_COLOR") ?? "").isEmpty, canRewriteLine: !isDumb)
  }

  /// The style of standard output as it is now.
  public static var standardOutput: TerminalStyle { of(descriptor: STDOUT_FILENO) }
  /// The style of standard error as it is now.
  public static var standardError: TerminalStyle { of(descriptor: STDERR_FILENO) }

  private static func of(descriptor: Int32) -> TerminalStyle {
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
    return TerminalStyle(
      isTerminal: isatty(descriptor) == 1, windowColumns: isKnown ? Int(size.ws_col) : nil,
      environment: { name in getenv(name).map { String(cString: $0) } })
  }

  /// The text in a colour, where colours are used.
  func coloured(_ text: String, _ colour: Colour?) -> String {
    guard usesColour, let colour else { return text }
    return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
  }
}

/// Colours by their code in ECMA-48, "select graphic rendition".
enum Colour: Int {
  case red = 31
  case yellow = 33
}
