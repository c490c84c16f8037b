internal import Results

/// A results folder as an arm; one that cannot be read is an arm with a problem, which the gate reports like all others.
public struct StoredArm {
  /// The arm.
  public var arm: GateArm
  /// Its scenario file; nil when it could not be read.
  public let scenarioText: String?

  /// Reads a folder.
  public init(_ path: String) {
    do throws(ResultsFailure) {
      let run = try StoredRun(reading: path)
      arm = GateArm(run)
      scenarioText = run.scenarioText
    } catch {
      var arm = GateArm(path: path)
      arm.problem = error.message
      self.arm = arm
      scenarioText = nil
    }
  }
}
