internal import ArgumentParser
internal import Gate
internal import Runs

/// `contend gate calibrate`: a gate of a scenario against itself, for the noise of this machine.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Measure this machine's noise and print how many pairs of blocks detect which growth of the cost.",
    discussion: """
      Runs the first stage of a gate in which both arms are the same. Change gate.blocks, gate.slices and gate.slice \
      until what you must detect is detected: --set gate.slice=500ms. The options --set, --out, --seed and --quiet are \
      those of 'contend gate'.
      """)

  @Argument(help: "Scenario file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String

  @Flag(help: "Print JSON on standard output.")
  var json = false

  /// The options of `contend gate` are read before the subcommand's own, wherever they stand.
  @ParentCommand var gate: GateCommand

  func run() throws {
    let (options, quiet) = (gate.arms, gate.outputs.quiet)
    try ArmOptions.check("set", options.set)
    if !quiet { CommandLineProgram.warnOfDebugBuild() }
    let request = ArmRequest(scenario: scenario, overrides: options.set)
    let pair = try ArmPair(base: request, candidate: request, interruption: Interruption.descriptor())
    var measurement = try LiveGate(
      pair, isNew: false, policy: pair.candidate.policy, seed: options.seed ?? ArmOptions.randomSeed,
      folder: options.out ?? ArmOptions.newFolder(scenario: pair.candidate.name),
      observer: GateProgress(isQuiet: quiet))
    if let lost = try measurement.run(stages: 1) { throw CommandFailure(.incomparable, lost) }
    let calibration = Calibration(measurement.judge().verdict())
    print(json ? calibration.json : calibration.text, terminator: "")
  }
}
