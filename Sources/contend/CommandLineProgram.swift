internal import ArgumentParser
internal import Engine
@preconcurrency internal import Glibc
internal import Model
internal import Results
internal import ScenarioReader

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
      ValidateCommand.self, ListCommand.self, ExplainCommand.self, DoctorCommand.self, SelftestCommand.self,
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

  private static func report(_ error: any Error) -> Int32 {
    switch error {
    case let failure as CommandFailure:
      if !failure.message.isEmpty { printError(failure.message) }
      return failure.status.rawValue
    case let problems as ScenarioProblems:
      printError("\(problems)")
      return ExitStatus.badData.rawValue
    case let failure as ResultsFailure:
      printError(failure.message)
      return ExitStatus(failure.kind).rawValue
    case let failure as EngineFailure:
      printError(failure.message)
      return ExitStatus(failure.kind).rawValue
    default:
      let code = exitCode(for: error).rawValue
      let message = fullMessage(for: error)
      if code == 0 { print(message) } else if !message.isEmpty { printError(message, prefix: "") }
      return code
    }
  }

  /// Writes a message to standard error.
  static func printError(_ message: String, prefix: String = "contend: ") {
    fputs(
      message.split(separator: "\n", omittingEmptySubsequences: false).map { prefix + $0 }.joined(separator: "\n")
        + "\n", stderr)
  }

  /// Warns on standard error, before a run, of what makes its figures less than they seem.
  static func warn(about scenario: Scenario) {
    #if DEBUG
    printError("this is a debug build: its figures mean nothing")
    #endif
    let reader = ScenarioReader(vocabulary: .program)
    for warning in reader.warnings(about: scenario) { printError("warning: \(warning)") }
  }
}
