/// What a strategy has left in its stores after a trial, besides the values of its records, as rows of numbers: what its
/// own checkers judge. Nothing but what was asked for is in it.
public struct Remains: Sendable, Equatable, Codable {
  private var answers: [String: [[Int64]]] = [:]
  /// What queries of a user were answered with, by their names.
  public var queries: [String: QueryAnswer] = [:]
  /// What queries of a user found while transactions ran, by their names: rows of one moment.
  public var audits: [String: QueryAnswer] = [:]

  /// Nothing was asked.
  public init() {}

  /// The rows that a question was answered with; nil when it was not asked.
  public subscript(question: String) -> [[Int64]]? {
    get { answers[question] }
    set { answers[question] = newValue }
  }
}
