public import Model

/// How a file holds a history, by the end of its name.
public enum HistoryFormat: String, Sendable, CaseIterable {
  /// JSON Lines of this program.
  case lines = "jsonl"
  /// Events as Knossos and Elle read them.
  case edn
  /// A log of Jepsen.
  case log

  /// The format of a file; nil when its name tells none.
  public init?(ofFile path: String) {
    guard let format = Self.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") }) else { return nil }
    self = format
  }

  /// The history in a file.
  public func read(_ bytes: [UInt8]) throws(HistoryProblem) -> History {
    switch self {
    case .lines: try HistoryLineReader.read(bytes)
    case .edn: try EDNReader.read(bytes)
    case .log: try JepsenLogReader.read(bytes)
    }
  }
}
