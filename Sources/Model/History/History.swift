/// The operations of a trial in time, and what was done to it: what checkers of histories judge.
public struct History: Sendable, Equatable {
  /// What ran, and from which state.
  public var header: HistoryHeader
  /// All operations of which anything is known, in any order.
  public var operations: [RecordedOperation]
  /// Faults in order of time.
  public var faults: [RecordedFault]
  /// Operations that ran and are missing here, because the recording fell behind; nil when some may be missing and nobody
  /// counted them, because the recording was cut short. Such a history passes nothing, and a violation is one only if no
  /// missing operation can explain it.
  public var dropped: Int?

  /// Makes a history.
  public init(
    header: HistoryHeader = HistoryHeader(), operations: [RecordedOperation] = [], faults: [RecordedFault] = [],
    dropped: Int? = 0
  ) {
    self.header = header
    self.operations = operations
    self.faults = faults
    self.dropped = dropped
  }
}

/// What stands above the operations of a history.
public struct HistoryHeader: Sendable, Equatable {
  /// Id of the workload: `counter`; nil when it is not known.
  public var workload: String?
  /// Label of the strategy: `postgres.for-update`; nil when it is not known.
  public var strategy: String?
  /// Values of the records before the first operation, by key from 0; empty when records have none: a register reads
  /// nil then, and a list is empty.
  public var initial: [Int64]

  /// What the times of the operations count.
  public var clock: Clock

  /// Makes a header.
  public init(
    workload: String? = nil, strategy: String? = nil, initial: [Int64] = [], clock: Clock = .nanoseconds
  ) {
    self.workload = workload
    self.strategy = strategy
    self.initial = initial
    self.clock = clock
  }

  /// What times can count.
  public enum Clock: Sendable {
    /// Nanoseconds since the start of the history.
    case nanoseconds
    /// Lines or events: the history was read from a list of events, in which only the order matters.
    case events
  }

  /// The value of a record before the first operation; nil when it has none.
  public func initialValue(of key: Int64) -> Int64? {
    Int(exactly: key).flatMap { initial.indices.contains($0) ? initial[$0] : nil }
  }
}

/// A fault that was injected or healed while a history was recorded.
public struct RecordedFault: Sendable, Equatable {
  /// When it was in effect, or undone: nanoseconds since the start of the history.
  public var moment: Int64
  /// Whether it was undone.
  public var isHealed: Bool
  /// What it is: `pause-worker`.
  public var name: String
  /// To whom, and how: `worker 3 (holder)`; empty when there is nothing to say.
  public var detail: String
  /// Makes an entry.
  public init(moment: Int64, isHealed: Bool, name: String, detail: String = "") {
    self.moment = moment
    self.isHealed = isHealed
    self.name = name
    self.detail = detail
  }
}
