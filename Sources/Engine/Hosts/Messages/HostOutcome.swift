internal import Model

/// How a trial ended on one host, besides its evidence. Moments are nanoseconds from the planned opening of the window,
/// by the host's own clock.
struct HostOutcome: Codable, Sendable {
  /// When its window opened, and closed.
  var opened: Int64 = 0
  var closed: Int64 = 0
  /// How long after the common start the last of its workers was awake; nil when none was there.
  var startDelay: Int64?
  /// What happened besides its operations.
  var events: [TrialEvent] = []
  var faults: [FaultRecord] = []
  /// Why it failed there; nil when it did not.
  var failure: String?
  /// How its machine was shared.
  var machine = MachineShare()
  var timeline: [TimelinePoint] = []
  var parts: [Int64] = []
  var encounters = Encounters()
}
