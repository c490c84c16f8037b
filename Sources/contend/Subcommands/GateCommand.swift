internal import ArgumentParser
internal import Engine
internal import Gate
internal import Model
internal import Results
internal import Runs
internal import ScenarioReader

/// `contend gate`: is a candidate worse than a base? The exit code says it to a build.
struct GateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate", abstract: "Judge a candidate against a base, for a build that must turn red only for real.",
    discussion: """
      Measures both in short slices that take turns on this machine, and measures once more what seems worse. Both are \
      scenarios; they differ by --base-set and --candidate-set, by their programs, or in their files:
        contend gate --base main.yaml --candidate branch.yaml
        contend gate --base hot.yaml --candidate-set retry.backoff=none
        contend gate --base hot.yaml --base-binary old/contend
      A scenario that has no base yet is measured with --new: its results are checked, its speed is compared with nothing.

      With --baseline, two results folders are judged instead. When they are the folders 'base' and 'candidate' of one \
      gate, with its gate.json beside them, slices are compared pair by pair; otherwise repetitions are compared, at least \
      five on each side, and both must come from the same machine, program and servers.

      Exit codes: 0 no regression, 1 a regression, 2 wrong results, a crash or a control that did not fire, \
      3 inconclusive, 4 missing data or not comparable, 64 usage (also a waiver that expired or names no cell), \
      65 bad scenario, 69 a server is missing, 130 interrupted. When several apply: 64 and 65, 2, 4, 1, 3, 0. A damaged \
      file counts as missing data.
      """, subcommands: [CalibrateCommand.self])

  @OptionGroup var arms: ArmOptions

  @Option(
    name: .long,
    help: ArgumentHelp("Results folder of the base: judge stored results, measure nothing.", valueName: "folder"),
    completion: .directory)
  var baseline: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Take the section 'gate' from this scenario instead of the candidate's.", valueName: "file"))
  var policy: String?

  @Flag(help: "With --baseline: compare other machines, programs or servers; all comparisons are then advice.")
  var allowCrossMachine = false

  @OptionGroup var outputs: GateOutputs

  func run() throws {
    if let baseline { try judgeStored(baseline) } else { try judgeLive() }
  }

  // MARK: - Two results folders

  private func judgeStored(_ baseline: String) throws {
    guard let folder = arms.candidate, arms.isPlain else {
      throw CommandFailure(
        .usage, "--baseline FOLDER goes with --candidate FOLDER, and with no option about what to measure")
    }
    var base = StoredArm(baseline)
    let other = StoredArm(folder)
    var schedule: GateSchedule?
    do throws(ResultsFailure) {
      schedule = try StoredSchedule.of(baseline, folder)
    } catch {
      base.arm.problem = error.message
    }
    let cells = base.arm.plannedCells + other.arm.plannedCells + (schedule?.removed ?? [])
    let policy = try policy(cells: cells) {
      guard let text = other.scenarioText else { return GatePolicy() }
      return try ScenarioReader(vocabulary: .ofResults).read(text: text, path: "\(folder)/scenario.yaml").gate
    }
    try conclude(
      Judge(
        base: base.arm, candidate: other.arm, schedule: schedule, policy: policy,
        allowsCrossMachine: allowCrossMachine
      ).verdict())
  }

  // MARK: - Live

  private func judgeLive() throws {
    guard !allowCrossMachine else { throw CommandFailure(.usage, "--allow-cross-machine goes with --baseline") }
    let (base, candidate) = try arms.requests()
    if !outputs.quiet { CommandLineProgram.warnOfDebugBuild() }
    let pair = try ArmPair(base: base, candidate: candidate, interruption: Interruption.descriptor())
    let policy = try policy(cells: (pair.base.cells + pair.candidate.cells).map(\.cell)) { pair.candidate.policy }
    var gate = try LiveGate(
      pair, isNew: arms.new, policy: policy, seed: arms.seed ?? ArmOptions.randomSeed,
      folder: arms.out ?? ArmOptions.newFolder(scenario: pair.candidate.name),
      observer: GateProgress(isQuiet: outputs.quiet))
    if let lost = try gate.run(stages: 2) { CommandLineProgram.printError(lost) }
    let verdict = gate.judge().verdict()
    try OutputFile.write(VerdictFile(verdict).json(), to: "\(gate.folder)/verdict.json")
    if !outputs.quiet { CommandLineProgram.printError("results of both: \(gate.folder)", prefix: "") }
    try conclude(verdict)
  }

  // MARK: - Both

  /// The policy that `--policy` names, or that of the candidate's scenario, with what the command line changes.
  private func policy(cells: [Cell], ofCandidate: () throws -> GatePolicy) throws -> GatePolicy {
    var policy = try policy.map { try ScenarioReader(vocabulary: .program).read(path: $0).gate } ?? ofCandidate()
    if let word = outputs.onInconclusive { policy.onInconclusive = word == .warn ? .warn : .fail }
    let problems = policy.waiverProblems(cells: cells, today: Today.utc)
    if !problems.isEmpty { throw CommandFailure(.usage, problems.joined(separator: "\n")) }
    return policy
  }

  private func conclude(_ verdict: GateVerdict) throws {
    try outputs.write(verdict)
    let status = ExitStatus(rawValue: verdict.exitCode) ?? .internalError
    if status != .success { throw CommandFailure(status, verdict.reason) }
  }
}
