internal import ArgumentParser
internal import Gate

/// `contend gate calibrate`: a gate of a scenario against itself, for the noise of this machine.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Measure this machine's noise and print how many pairs of blocks detect which growth of the cost.",
    discussion: """
      Runs the first stage of a gate in which both arms are the same. Change gate.blocks, gate.slices and gate.slice \
      until what you must detect is detected: --set gate.slice=500ms.
      """)

  @Argument(help: "Scenario file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String

  @Option(name: .long, help: ArgumentHelp("Replace a setting of the file; may be repeated.", valueName: "path=value"))
  var set: [String] = []

  @Option(name: .long, help: ArgumentHelp("Write the results of both arms to this new folder.", valueName: "folder"))
  var out: String?

  @Option(name: .long, help: "Seed of the order of arms and cells, and of the operations; a random one when left out.")
  var seed: UInt64?

  @Flag(help: "Print JSON on standard output.")
  var json = false

  @Flag(help: "Show no progress.")
  var quiet = false

  func run() throws {
    try ArmOptions.check("set", set)
    if !quiet { CommandLineProgram.warnOfDebugBuild() }
    let request = ArmRequest(scenario: scenario, overrides: set)
    let pair = try ArmPair(base: request, candidate: request, interruption: Interruption.descriptor())
    var gate = try LiveGate(
      pair, policy: pair.candidate.policy, seed: seed ?? ArmOptions.randomSeed,
      folder: out ?? ArmOptions.newFolder(scenario: pair.candidate.name), isQuiet: quiet)
    guard try gate.run(stages: 1, isQuiet: quiet) else { throw CommandFailure(.incomparable) }
    let calibration = Calibration(gate.judge().verdict())
    print(json ? calibration.json : calibration.text, terminator: "")
  }
}
