/// What happened to one record according to the workers.
public struct LedgerEntry: Sendable, Equatable {
  /// Sum of the acknowledged changes.
  public var acknowledged: Int64
  /// Acknowledged changes.
  public var acknowledgedCount: Int64
  /// Sum of the negative changes of operations whose outcome is unknown: the least they can add.
  public var unknownLow: Int64
  /// Sum of their positive changes: the most they can add.
  public var unknownHigh: Int64
  /// Makes an entry.
  public init(
    acknowledged: Int64 = 0, acknowledgedCount: Int64 = 0, unknownLow: Int64 = 0, unknownHigh: Int64 = 0
  ) {
    self.acknowledged = acknowledged
    self.acknowledgedCount = acknowledgedCount
    self.unknownLow = unknownLow
    self.unknownHigh = unknownHigh
  }
}

/// What the checkers decide from: the state before and after, and what the workers saw.
public struct Evidence: Sendable {
  /// Values before the first operation.
  public var initial: [Int64]
  /// Values after all sessions were closed; nil when they could not be read.
  public var final: [Int64]?
  /// Per record, what the workers were told.
  public var ledger: [LedgerEntry]
  /// Counts of the whole trial: warm-up, window and drain.
  public var total: Tally
  /// The first returned values that were seen twice: record and value.
  public var duplicates: [(key: Int, value: Int64)]
  /// The tokens that workers store in records that they claim; nil when they are not known.
  public var tokens: ClosedRange<Int64>?
  /// Every operation with what it saw; nil when the trial was not recorded for its checkers.
  public var history: History?
  /// What the strategy has left in its stores besides.
  public var remains = Remains()
  /// Whether the strategy promises that a read sees one moment.
  public var readsSnapshots = true
  /// Hosts whose evidence is missing, in words: what their workers have done is unknown without bounds.
  public var missing: [String] = []
  /// What the strategy promises of transactions.
  public var isolation = Isolation.serializable
  /// Makes evidence.
  public init(
    initial: [Int64], final: [Int64]?, ledger: [LedgerEntry], total: Tally,
    duplicates: [(key: Int, value: Int64)] = [], tokens: ClosedRange<Int64>? = nil
  ) {
    self.initial = initial
    self.final = final
    self.ledger = ledger
    self.total = total
    self.duplicates = duplicates
    self.tokens = tokens
  }
}
