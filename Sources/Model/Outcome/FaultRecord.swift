/// One fault of a trial: what was done to it, when, and what came of it.
public struct FaultRecord: Sendable, Equatable, Codable {
  /// Its position among the faults of the scenario, from 0.
  public var fault: Int
  /// Which kind: `pause-worker`.
  public var kind: String
  /// What was done: `pause the process of a holder`.
  public var summary: String
  /// Whom it was done to: `worker process 1 (workers 2 to 3)`; empty when it did not happen.
  public var subject = ""
  /// When it was to happen, in seconds from the opening of the measured window.
  public var requestedSecond: Double
  /// When it had happened; nil when it did not.
  public var injectedSecond: Double?
  /// When it was undone; nil when there was nothing to undo, or it was too late for that.
  public var healedSecond: Double?
  /// Seconds from the death or pause of a holder until somebody entered the critical section of its record again; nil
  /// when it was no holder, or nobody did before the window closed.
  public var takeoverSeconds: Double?
  /// Committed operations per second from the opening of the window, or from the end of the fault before, until then.
  public var goodputBefore: Double?
  /// The same while it lasted.
  public var goodputDuring: Double?
  /// The same from its end until the next one, or until the window closed.
  public var goodputAfter: Double?
  /// The longest time without any commit that began after it had happened and before the next one, in seconds.
  public var longestStallSeconds: Double?
  /// Seconds from its end until goodput was back at 90 % of that before the first fault; nil when it did not come back.
  public var recoverySeconds: Double?
  /// Critical sections that overlapped from then until the next one: two holders at once.
  public var overlaps: Int64?
  /// Locks of holders that it killed which nobody had until the end of the trial, though somebody wanted them; nil when
  /// it killed nobody inside a critical section.
  public var abandonedLocks: Int64?
  /// The record of the one that was abandoned longest.
  public var abandonedRecord: Int?
  /// For how long: from the death of its holder until the window closed, in seconds.
  public var abandonedSeconds: Double?

  /// Makes the record of a fault that has not happened yet.
  public init(fault: Int, kind: String, summary: String, requestedSecond: Double) {
    self.fault = fault
    self.kind = kind
    self.summary = summary
    self.requestedSecond = requestedSecond
  }
}
