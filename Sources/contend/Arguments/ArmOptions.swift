internal import ArgumentParser
internal import Model
internal import Results
internal import Runs
internal import ScenarioReader

/// What the two arms of `contend gate` are.
struct ArmOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("Scenario of the base; the candidate's when left out.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var base: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Scenario of the candidate, the base's when left out; with --baseline its results folder.", valueName: "file"),
    completion: .file())
  var candidate: String?

  @Option(name: .long, help: ArgumentHelp("The base runs with this contend.", valueName: "program"))
  var baseBinary: String?

  @Option(name: .long, help: ArgumentHelp("The candidate runs with this contend.", valueName: "program"))
  var candidateBinary: String?

  @Option(name: .long, help: ArgumentHelp("Replace a setting in both; may be repeated.", valueName: "path=value"))
  var set: [String] = []

  @Option(name: .long, help: ArgumentHelp("Replace a setting in the base; may be repeated.", valueName: "path=value"))
  var baseSet: [String] = []

  @Option(
    name: .long, help: ArgumentHelp("Replace a setting in the candidate; may be repeated.", valueName: "path=value"))
  var candidateSet: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Write the results of both to this new folder instead of results/gate-<scenario>-<time>-<id>.",
      valueName: "folder"))
  var out: String?

  @Flag(help: "The candidate's scenario is new and has no base: check its results, and compare its speed with nothing.")
  var new = false

  @Option(name: .long, help: "Seed of the order of arms and cells, and of the operations; a random one when left out.")
  var seed: UInt64?

  /// Whether nothing is asked for that only a measurement has.
  var isPlain: Bool {
    [base, baseBinary, candidateBinary, out].allSatisfy { $0 == nil } && set + baseSet + candidateSet == []
      && seed == nil && !new
  }

  /// What both arms are to run.
  func requests() throws -> (base: ArmRequest, candidate: ArmRequest) {
    guard !new || (base == nil && baseBinary == nil && baseSet.isEmpty) else {
      throw CommandFailure(.usage, "--new is for a scenario without a base: name it with --candidate, and no base")
    }
    guard let first = base ?? candidate, let second = candidate ?? base else {
      throw CommandFailure(
        .usage,
        "nothing to judge: name a scenario with --base, --candidate or both, or a results folder with --baseline")
    }
    for (option, texts) in [("set", set), ("base-set", baseSet), ("candidate-set", candidateSet)] {
      try Self.check(option, texts)
    }
    let judged = ArmRequest(scenario: second, program: candidateBinary, overrides: set + candidateSet)
    return (new ? judged : ArmRequest(scenario: first, program: baseBinary, overrides: set + baseSet), judged)
  }

  /// Refuses replaced settings that are none.
  static func check(_ option: String, _ texts: [String]) throws {
    for text in texts where Override(parsing: text) == nil {
      let shown = Redaction.argument(text)
      throw CommandFailure(.usage, "--\(option) \(shown): expected path=value, such as load.workers=8")
    }
  }

  /// A seed when none is asked for: short, because it is typed to repeat an order.
  static var randomSeed: UInt64 { UInt64.random(in: 1...0xFFFF_FFFF) }

  /// A folder when none is asked for.
  static func newFolder(scenario: String) -> String {
    "results/" + RunIdentity().folderName(scenario: "gate-\(scenario)")
  }
}
