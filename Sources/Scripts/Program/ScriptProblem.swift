/// What is wrong with a script, and where.
public struct ScriptProblem: Error, Sendable, Equatable, CustomStringConvertible {
  /// Name of the text, as ``Model/ScriptSettings/Source/name``.
  public let source: String
  /// Line from 1.
  public let line: Int
  /// Column from 1, in characters.
  public let column: Int
  /// What is wrong and what to do, in one sentence.
  public let message: String

  /// Makes a problem.
  public init(source: String, line: Int, column: Int, _ message: String) {
    self.source = source
    self.line = line
    self.column = column
    self.message = message
  }

  /// `book.sql:3:7: message`.
  public var description: String { "\(source):\(line):\(column): \(message)" }
}

/// All that is wrong with the scripts of a scenario.
public struct ScriptProblems: Error, Sendable {
  /// In the order of the texts; never empty.
  public let all: [ScriptProblem]
  /// Makes them.
  public init(_ all: [ScriptProblem]) { self.all = all }
}

/// Where something stands in a script.
public struct ScriptPlace: Sendable, Equatable {
  /// Name of the text.
  public let source: String
  /// Line from 1.
  public let line: Int
  /// Column from 1.
  public let column: Int
  /// Makes a place.
  public init(source: String, line: Int, column: Int) {
    self.source = source
    self.line = line
    self.column = column
  }
}
