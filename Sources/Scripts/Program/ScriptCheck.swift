/// A query that must hold, with what it must give.
public struct ScriptCheck: Sendable {
  /// What it must give.
  public enum Expectation: Sendable {
    /// No rows: each row is a violation and its own evidence.
    case noRows
    /// One value within an interval over what was acknowledged; an equality has the same ends.
    case between(ScriptBound, ScriptBound)
  }

  /// Name for messages and files.
  public let name: String
  /// One statement, for PostgreSQL, MariaDB and SQLite alike.
  public let query: String
  /// What it must give.
  public let expectation: Expectation
  /// Where it stands.
  public let place: ScriptPlace

  /// Whether it can be looked at while transactions run: what is acknowledged cannot be compared then.
  public var isTimeless: Bool {
    if case .noRows = expectation { true } else { false }
  }
}
