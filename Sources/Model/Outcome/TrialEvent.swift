/// Something that happened to a running trial besides its operations.
public struct TrialEvent: Sendable, Equatable, Codable {
  /// What can happen.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// A worker process ended before the trial did.
    case ended
    /// A worker process was started in the place of one that had ended.
    case restarted
    /// A fault was injected.
    case injected
    /// A fault was undone.
    case healed
  }
  /// Seconds from the opening of the measured window; negative in the warm-up.
  public var second: Double
  /// What happened.
  public var kind: Kind
  /// To whom: `worker process 1 (workers 2 to 3)`, or the fault.
  public var subject: String
  /// How: `signal 9 (Killed)`; empty when there is nothing to say.
  public var detail: String
  /// Makes an event.
  public init(second: Double, kind: Kind, subject: String, detail: String = "") {
    self.second = second
    self.kind = kind
    self.subject = subject
    self.detail = detail
  }
}
