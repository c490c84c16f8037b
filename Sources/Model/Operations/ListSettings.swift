/// How a workload uses lists instead of numbers: operations are transactions that read whole lists and append elements, in
/// the order of their steps.
///
/// A step `read` reads a list, a step `add` of 1 appends an element that no other append has. So a record stands for a
/// list, and its value for how many elements were appended: ledgers and counts are those of any workload. The elements
/// themselves are not part of operations, because a value is a number of fixed size: they go from the strategy to the
/// history of the trial, which is all that the checker looks at.
///
/// A list that has become long makes way for the next one of its record, so that reading stays cheap. Why a text to which
/// the server appends (`CONCAT`, as Elle's tests do) and not a row for each element: an append is a write of the one row
/// that a read reads, so what is found are anomalies over records (G2-item) and not phantoms (G2), which gaps and index
/// pages are about; and why the server appends and not the client: what a list has says then in which order its
/// transactions came, which a list that was overwritten would not.
public struct ListSettings: Sendable, Equatable {
  /// Records; each is one list at a time.
  public let keys: Int
  /// Elements with which a list makes way for the next one.
  public let longest: Int
  /// What transactions are judged by; nil for what the strategy promises.
  public let isolation: Isolation?

  /// Makes settings.
  public init(keys: Int, longest: Int, isolation: Isolation?) {
    self.keys = keys
    self.longest = longest
    self.isolation = isolation
  }

  /// The most records.
  public static let mostKeys = 1000

  /// Lists that the store has in all; those of record `k` are `k`, `k + keys`, `k + 2 keys`, ... The last one of a record
  /// becomes as long as it must.
  public var count: Int { keys * perKey }
  /// Lists of one record: enough for more transactions than are judged.
  public var perKey: Int { max(8, 8192 / keys) }
}
