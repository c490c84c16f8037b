internal import ArgumentParser
internal import Engine
internal import Hosts
@preconcurrency internal import Glibc
internal import Model
internal import Results
internal import Runs
internal import ScenarioReader
internal import Terminal

/// `contend` as users see it: parses the command line, runs one subcommand, turns every failure into one sentence and
/// the documented exit code.
struct CommandLineProgram: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contend",
    abstract: "Makes workers fight over one shared resource and tells which concurrency control was fast, and correct.",
    discussion: """
      Exit codes: 0 everything asked for held, 1 a performance regression (gate), 2 a correctness violation or a control \
      that did not fire, 3 inconclusive, 4 nothing to compare or data missing, 64 usage, 65 bad scenario or results, \
      69 service unavailable, 70 internal error, 130 interrupted.
      """,
    version: ProgramVersion.current,
    subcommands: [
      RunCommand.self, ReportCommand.self, CompareCommand.self, AdviseCommand.self, GateCommand.self,
      CheckCommand.self, ValidateCommand.self, ListCommand.self, ExplainCommand.self, DoctorCommand.self,
      SelftestCommand.self, AdapterCommand.self, WorkerCommand.self,
    ])

  /// Runs with the arguments after the program's name; returns the exit code.
  static func run(_ arguments: [String]) -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
      return ExitStatus.success.rawValue
    } catch {
      return report(error)
    }
  }

  /// Plays one arm of a live gate; returns the exit code.
  static func runArm() -> Int32 {
    do {
      try ArmProcess.run(explanation: explanation)
      return ExitStatus.success.rawValue
    } catch {
      printError("\(error)")
      return ExitStatus.internalError.rawValue
    }
  }

  private static func report(_ error: any Error) -> Int32 {
    let (status, message) = explanation(of: error)
    if status == 0 { print(message) } else { printError(message, prefix: prefix(of: error)) }
    return status
  }

  /// The exit code of a failure, and what to say about it. Where it may quote the command line, credentials are left out.
  static func explanation(of error: any Error) -> (status: Int32, message: String) {
    switch error {
    case let failure as CommandFailure: (failure.status.rawValue, failure.message)
    case let problems as ScenarioProblems: (ExitStatus.badData.rawValue, Redaction.urls(in: "\(problems)"))
    case let failure as ResultsFailure: (ExitStatus(failure.kind).rawValue, Redaction.urls(in: failure.message))
    case let failure as EngineFailure: (ExitStatus(failure.kind).rawValue, failure.message)
    case let failure as HostFailure: (ExitStatus(failure.kind).rawValue, failure.message)
    case let failure as GateFailure: (ExitStatus(failure.kind).rawValue, failure.message)
    default: (exitCode(for: error).rawValue, Redaction.urls(in: fullMessage(for: error)))
    }
  }

  /// The parser names the program by itself.
  private static func prefix(of error: any Error) -> String {
    switch error {
    case is CommandFailure, is ScenarioProblems, is ResultsFailure, is EngineFailure, is GateFailure, is HostFailure:
      "contend: "
    default: ""
    }
  }

  /// Writes a message to standard error.
  static func printError(_ message: String, prefix: String = "contend: ") {
    writeToStandardError(
      message.split(separator: "\n", omittingEmptySubsequences: false).map { prefix + $0 }.joined(separator: "\n")
        + "\n")
  }

  /// Warns on standard error, before a run, of what makes its figures less than they seem.
  static func warn(about scenario: Scenario) {
    warnOfDebugBuild()
    let reader = ScenarioReader(vocabulary: .program)
    for warning in reader.warnings(about: scenario) { printError("warning: \(warning)") }
  }

  /// Warns on standard error when figures of this program mean nothing.
  static func warnOfDebugBuild() {
    #if DEBUG
    printError("this is a debug build: its figures mean nothing")
    #endif
  }
}
