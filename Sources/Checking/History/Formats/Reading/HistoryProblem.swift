/// Why a file is not a history that can be judged: the line, what is wrong with it, and what to do.
public struct HistoryProblem: Error, Equatable, CustomStringConvertible {
  /// The line, from 1.
  public let line: Int
  /// What is wrong and the remedy, in one sentence.
  public let message: String

  /// Makes a problem.
  public init(line: Int, _ message: String) {
    self.line = line
    self.message = message
  }

  /// `12: unknown function 'ad'; use read, write, ...`
  public var description: String { "\(line): \(message)" }
}
