internal import ArgumentParser
internal import ExternalStrategies
internal import Model
internal import Runs
internal import ScenarioReader

/// `contend adapter`: programs that play a lock or whole operations (strategies `external`).
struct AdapterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adapter",
    abstract: "Try a program that is to be a lock or to do whole operations, or run a built-in one.",
    subcommands: [Check.self, Run.self])

  /// `contend adapter check`.
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Try whether a program speaks the protocol of external clients; takes seconds.",
      discussion: """
        No service is needed, and no lock is asked for: only what the protocol itself requires is tried. The page \
        ExternalClients of the documentation has the protocol.

        Exit codes: 0 all points hold, 2 one does not, 64 usage, 69 the program cannot be started.
        """)

    @Argument(
      parsing: .captureForPassthrough, help: ArgumentHelp("The program and its arguments.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
      if command.isEmpty { throw ValidationError("name a program") }
    }

    func run() throws {
      // What the shell has split stays so; one word may be a whole command line, as a scenario states it.
      let settings: AdapterSettings
      do throws(ProgramProblem) { settings = try ProgramProblem.settings(of: command) } catch {
        throw CommandFailure(.serviceUnavailable, error.message)
      }
      var failed = 0
      do throws(SetupFailure) {
        for point in try AdapterCheck(settings).run(telling: { print($0.line) }) where !point.holds { failed += 1 }
      } catch {
        throw CommandFailure(.serviceUnavailable, error.message)
      }
      if failed > 0 {
        throw CommandFailure(
          .violation,
          "\(failed == 1 ? "one point does" : "\(failed) points do") not hold; the page ExternalClients has the protocol"
        )
      }
    }
  }

  /// `contend adapter run`: what a scenario names as `external: contend adapter run NAME`.
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run", abstract: "Be one of the built-in programs; for scenarios, not for hands.",
      discussion: BuiltInAdapter.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "\n\n"))

    @Argument(help: "Which one.")
    var name: String

    func run() throws {
      guard let adapter = BuiltInAdapter(rawValue: name) else {
        let known = BuiltInAdapter.allCases.map(\.rawValue).joined(separator: ", ")
        throw CommandFailure(.usage, "there is no built-in program '\(name)'; there are \(known)")
      }
      let status = adapter.run()
      if status != 0 { throw ExitCode(status) }
    }
  }
}
