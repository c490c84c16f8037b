/// A time for which one worker did what only one of them may do: a run of a job, or the effects of one leader until another
/// had one.
public struct Turn: Sendable, Equatable, Codable {
  /// What became of it.
  public enum Ending: String, Sendable, Codable, CaseIterable {
    /// It ended as it should, or somebody else came next.
    case done
    /// What it did was taken back.
    case failed
    /// Nobody wrote down its end: its worker was killed, or the trial ended before.
    case unknown
  }
  /// Who.
  public var worker: Int
  /// The tick that a run of a job was for; nil for a leader.
  public var tick: Int64?
  /// When it began, in seconds from the start of the measured window; before it when negative.
  public var beganSecond: Double
  /// When it ended; nil when nobody knows.
  public var endedSecond: Double?
  /// What became of it.
  public var ending: Ending

  /// Describes a turn.
  public init(worker: Int, tick: Int64? = nil, beganSecond: Double, endedSecond: Double?, ending: Ending) {
    self.worker = worker
    self.tick = tick
    self.beganSecond = beganSecond
    self.endedSecond = endedSecond
    self.ending = ending
  }
}
