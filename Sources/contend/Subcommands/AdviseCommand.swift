internal import Analysis
internal import ArgumentParser
internal import Engine
@preconcurrency internal import Glibc
internal import Model
internal import Results
internal import ScenarioReader
internal import StrategyCatalog
internal import Terminal
internal import Runs

/// `contend advise`: which strategy to use, from measured results; runs a scenario first if it is given one.
struct AdviseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "advise",
    abstract: "Recommend a strategy from results, with reasons, or say that the data do not allow it.",
    discussion: """
      Only strategies that were shown to be correct are considered. Exit codes: 0 advice given, 3 no correct candidate \
      or the data do not tell the candidates apart, 4 nothing measured at the distance asked for, 64 usage, 65 bad \
      scenario or results.
      """)

  @Argument(
    help: ArgumentHelp("Results folders, or one scenario file, which is run first.", valueName: "scenario-or-run"),
    completion: .file(extensions: ["yaml", "yml"]))
  var inputs: [String] = []

  @Option(
    help: ArgumentHelp(
      "By what to rank: goodput (committed operations per second) or p99 (latency).", valueName: "goodput|p99"),
    transform: Self.objective)
  var objective: Objective = .goodput

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      """
      What one of several processes must do: run a scheduled job, or lead. Ranks by ticks that were missed and by the time \
      until somebody else goes on; without results, from those in results/one-of-us.
      """, valueName: "job|election"),
    transform: Self.duty)
  var duty: Duty?

  @Option(
    help: ArgumentHelp(
      "Processes of your application that share the records; strategies that protect one process are then left out.",
      valueName: "n"))
  var processes: Int?

  @Option(
    help: ArgumentHelp("Databases over which the records of one operation are spread.", valueName: "n"))
  var databases = 1

  @Option(
    help: ArgumentHelp(
      """
      Faults under which a strategy must have been shown to be correct, separated by commas: kill-holder, pause-holder, \
      kill-service, ... Others do not count.
      """, valueName: "fault,..."),
    transform: Self.faults)
  var mustSurvive: [String]?

  @Option(
    help: ArgumentHelp(
      """
      How much longer a round trip to a server takes where you use it, such as 1ms. A scenario is run at this distance; \
      of results, only what was measured at it counts.
      """, valueName: "time"))
  var rtt: String?

  @Flag(help: "Print the advice as JSON on standard output; progress goes to standard error.")
  var json = false

  func validate() throws {
    if inputs.isEmpty && duty == nil { throw ValidationError("name results folders, or one scenario file") }
    if let processes, processes < 1 { throw ValidationError("--processes \(processes): at least 1") }
    if databases < 1 { throw ValidationError("--databases \(databases): at least 1") }
    if let rtt, Duration(stated: rtt) == nil {
      throw ValidationError("--rtt \(rtt): expected a duration with a unit, such as 1ms or 500us")
    }
    if inputs.count > 1, let file = inputs.first(where: { !Self.isFolder($0) && Self.exists($0) }) {
      throw ValidationError("\(file) is no results folder; name one scenario file alone, or results folders")
    }
  }

  func run() throws {
    var folders = inputs
    if let duty, inputs.isEmpty { folders = try Self.committedRuns(of: duty) }
    if inputs.count == 1, !Self.isFolder(inputs[0]) { folders = [try measure(inputs[0])] }
    let runs = try folders.map { MeasuredRun(try StoredRun(reading: $0)) }
    if let duty { return try answer(DutyAdvice(runs, for: duty, lookup: StrategyCatalog.lookup)) }
    let advice = Advice(
      runs, by: objective,
      architecture: Architecture(
        processes: processes, databases: databases, mustSurvive: mustSurvive ?? [],
        roundTrip: rtt.flatMap(Duration.init(stated:))),
      lookup: StrategyCatalog.lookup)
    if let rtt, let missing = advice.missingDistance {
      throw CommandFailure(
        .incomparable, "\(missing); measure there with: contend advise \(folders[0])/scenario.yaml --rtt \(rtt)")
    }
    print(json ? advice.json() : advice.text(width: Self.width), terminator: "")
    if !advice.isDecided { throw CommandFailure(.inconclusive, advice.undecidedReason) }
  }

  private func answer(_ advice: DutyAdvice) throws {
    guard advice.hasRuns else { throw CommandFailure(.inconclusive, advice.nothingReason) }
    print(json ? advice.json() : advice.text(width: Self.width), terminator: "")
    if advice.candidates.isEmpty { throw CommandFailure(.inconclusive, advice.nothingReason) }
  }

  /// The runs of a duty that come with the program's sources.
  private static func committedRuns(of duty: Duty) throws -> [String] {
    let folder = "results/one-of-us"
    let kinds = ["", "-winner-dies", "-winner-pauses", "-faults", "-queues"]
    let runs = kinds.map { "\(folder)/\(duty.rawValue)\($0)" }.filter(isFolder)
    guard runs.isEmpty else { return runs }
    throw ValidationError("there are no results in \(folder) here; name results folders, or a scenario file")
  }

  /// Runs a scenario as `contend run` does; returns the folder of its results.
  private func measure(_ path: String) throws -> String {
    let distance = rtt.map { Override(path: "services.rtt", value: $0) }
    let scenario = try ScenarioReader(vocabulary: .program).read(path: path, overrides: distance.map { [$0] } ?? [])
    CommandLineProgram.warn(about: scenario)
    let progress = TrialProgress(trials: Plan(scenario).trials.count)
    let (session, failure) = RunSession.measure(scenario, path: path, place: .below("results"), observer: progress)
    progress.clear()
    if let failure { throw session.explained(failure) }
    guard let folder = session.folderPath else { throw CommandFailure(.inconclusive, "no trial was run") }
    CommandLineProgram.printError("results: \(folder)", prefix: "")
    return folder
  }

  private static func objective(_ name: String) throws -> Objective {
    guard let objective = Objective(rawValue: name) else { throw ValidationError("neither goodput nor p99") }
    return objective
  }

  private static func duty(_ name: String) throws -> Duty {
    guard let duty = Duty(rawValue: name) else { throw ValidationError("neither job nor election") }
    return duty
  }

  private static func faults(_ text: String) throws -> [String] {
    let known = FaultRegistry.descriptors.flatMap { FaultSummary.names(of: $0.id) }
    let names = text.split(separator: ",").map(String.init)
    guard !names.isEmpty, let unknown = names.first(where: { !known.contains($0) }) else { return names }
    throw ValidationError("there is no fault '\(unknown)'; the faults are \(known.joined(separator: ", "))")
  }

  /// Text is read in lines of moderate length, however wide the terminal.
  private static var width: Int {
    let style = TerminalStyle.standardOutput
    return style.isTerminal ? min(100, max(40, style.width)) : 80
  }

  private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
