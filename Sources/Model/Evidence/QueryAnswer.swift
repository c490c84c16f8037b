/// What a query of a user was answered with, as text.
public struct QueryAnswer: Sendable, Equatable, Codable {
  /// Names of the columns.
  public var columns: [String]
  /// The first rows; nil for null.
  public var rows: [[String?]]
  /// How many rows there were in all.
  public var count: Int

  /// Makes an answer.
  public init(columns: [String], rows: [[String?]], count: Int) {
    self.columns = columns
    self.rows = rows
    self.count = count
  }
}
