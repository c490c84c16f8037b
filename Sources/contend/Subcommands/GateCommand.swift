internal import ArgumentParser
internal import Gate
internal import Model
internal import Results
internal import ScenarioReader
internal import Terminal

/// `contend gate`: is a candidate worse than a base? The exit code says it to a build.
struct GateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate", abstract: "Judge a candidate against a base, for a build that must turn red only for real.",
    discussion: """
      Compares two results folders. When they are the folders 'base' and 'candidate' of one live gate, with its gate.json \
      beside them, slices are compared pair by pair; otherwise repetitions are compared, at least five on each side, and \
      both must come from the same machine, program and servers.

      Exit codes: 0 no regression, 1 a regression, 2 wrong results, a crash or a control that did not fire, \
      3 inconclusive, 4 missing data or not comparable, 64 usage (also a waiver that expired or names no cell), \
      65 bad scenario. When several apply: 64 and 65, 2, 4, 1, 3, 0. A damaged file counts as missing data.
      """)

  @Option(name: .long, help: ArgumentHelp("Results folder of the base.", valueName: "folder"), completion: .directory)
  var baseline: String

  @Option(
    name: .long, help: ArgumentHelp("Results folder of the candidate.", valueName: "folder"), completion: .directory)
  var candidate: String

  @Option(
    name: .long,
    help: ArgumentHelp("Take the section 'gate' from this scenario instead of the candidate's.", valueName: "file"))
  var policy: String?

  @Flag(help: "Compare runs of different machines, programs or servers: all comparisons are then advice.")
  var allowCrossMachine = false

  @OptionGroup var outputs: GateOutputs

  func run() throws {
    var base = StoredArm(baseline)
    let other = StoredArm(candidate)
    var schedule: GateSchedule?
    do throws(ResultsFailure) {
      schedule = try StoredSchedule.of(baseline, candidate)
    } catch {
      base.arm.problem = error.message
    }
    var policy = try policy(of: other)
    if let word = outputs.onInconclusive { policy.onInconclusive = word == .warn ? .warn : .fail }
    let problems = policy.waiverProblems(base: base.arm, candidate: other.arm, today: Today.utc)
    if !problems.isEmpty { throw CommandFailure(.usage, problems.joined(separator: "\n")) }
    let judge = Judge(
      base: base.arm, candidate: other.arm, schedule: schedule, policy: policy,
      allowsCrossMachine: allowCrossMachine)
    let verdict = judge.verdict()
    try outputs.write(verdict)
    if let status = ExitStatus(rawValue: verdict.exitCode), status != .success { throw CommandFailure(status) }
  }

  /// The policy that `--policy` names, or that of the candidate's scenario; all defaults when that cannot be read, since
  /// then the gate fails anyway.
  private func policy(of arm: StoredArm) throws -> GatePolicy {
    let reader = ScenarioReader(vocabulary: .program)
    if let policy { return try reader.read(path: policy).gate }
    guard let text = arm.scenarioText else { return GatePolicy() }
    return try reader.read(text: text, path: "\(candidate)/scenario.yaml").gate
  }
}

/// A results folder as an arm; one that cannot be read is an arm with a problem, which the gate reports like all others.
private struct StoredArm {
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
