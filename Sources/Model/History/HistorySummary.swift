/// What became of the history of a trial.
public struct HistorySummary: Sendable, Equatable, Codable {
  /// Name of the file in JSON Lines, without `.jsonl`.
  public var name: String
  /// Operations that took effect.
  public var okCount = 0
  /// Operations that did not.
  public var failCount = 0
  /// Operations that may have.
  public var infoCount = 0
  /// Operations that ran and are not in the history.
  public var missingCount = 0
  /// Why they are missing: the history ends before the trial does; nil when nothing is.
  public var cutReason: String?
  /// How often workers waited because the recording had fallen behind.
  public var waitsCount = 0
  /// How long they waited in all, over all threads, between two operations: that lowered the goodput.
  public var waitedNanoseconds: Int64 = 0
  /// How long they waited within operations: that is part of the latencies.
  public var waitedWithinNanoseconds: Int64 = 0

  /// Of a history without operations.
  public init(name: String) { self.name = name }

  /// All operations in it.
  public var operationsCount: Int { okCount + failCount + infoCount }
}
