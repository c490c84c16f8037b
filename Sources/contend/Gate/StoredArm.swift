internal import Gate
internal import Results

/// A results folder as an arm; one that cannot be read is an arm with a problem, which the gate reports like all others.
struct StoredArm {
  var arm: GateArm
  let scenarioText: String?

  init(_ path: String) {
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
