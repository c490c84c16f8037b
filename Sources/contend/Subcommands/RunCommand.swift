internal import ArgumentParser
internal import Engine
@preconcurrency internal import Glibc
internal import Model
internal import Results
internal import Runs
internal import ScenarioReader
internal import Terminal
internal import Words

/// `contend run`: runs a scenario, writes its results, prints the table.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a scenario, check every result, print a table and write a results folder.")

  @OptionGroup var input: ScenarioArgument

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Write the results to this new or empty folder instead of results/<scenario>-<time>-<id>.", valueName: "folder"))
  var out: String?

  @Flag(
    help: """
      Write every operation down, in history/ below the results: who did what, when, with which values, and the locks \
      held. Files for 'contend check', Knossos and Elle. Costs some speed; see the page Histories.
      """)
  var history = false

  @OptionGroup var hosts: HostOptions

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  @Flag(help: "Print the summary as JSON on standard output; progress goes to standard error.")
  var json = false

  func run() throws {
    if let agent = try hosts.agent() { return try WorkerCommand.serve(agent) }
    let scenario = try input.read(further: hosts.overrides)
    if history, scenario.variants.contains(where: { $0.load.hosts > 1 }) {
      throw CommandFailure(.usage, "--history: a history needs one clock, and so one host; state load.hosts: 1")
    }
    if !quiet { CommandLineProgram.warn(about: scenario) }
    let progress = quiet ? nil : TrialProgress(trials: Plan(scenario).trials.count)
    let (session, failure) = RunSession.measure(
      scenario, path: input.scenario, place: out.map { .exactly($0) } ?? .below("results"), keepsHistories: history,
      hosts: try hosts.settings(for: scenario, isQuiet: quiet), observer: progress)
    progress?.clear()
    if session.results.isEmpty { throw failure ?? CommandFailure(.inconclusive, "no trial was run") }
    present(session, variants: scenario.variants.map(\.name), isComplete: failure == nil)
    report(session)
    if let failure { throw session.explained(failure) }
    let cells = CellSummary.summaries(of: session.results)
    let conclusion = RunConclusion(cells)
    if conclusion != .held { throw CommandFailure(ExitStatus(conclusion), conclusion.reason(cells)) }
  }

  private func present(_ session: RunSession, variants: [String], isComplete: Bool) {
    if json {
      print(jsonSummary(of: session.results, isComplete: isComplete), terminator: "")
    } else if !quiet {
      print(
        SummaryTable(session.results, variants: variants, isComplete: isComplete)
          .text(for: TerminalStyle.standardOutput), terminator: "")
      if let path = session.folderPath { print("\nresults: \(path)") }
      if let note = HistoryNote(session.results) { print("histories: \(note.summary)") }
    }
    for remark in HistoryNote(session.results)?.remarks ?? [] { CommandLineProgram.printError(remark) }
  }

  /// Writes the report beside the results. It can be made again from them at any time: without one, the run has still
  /// succeeded or failed for its own reasons.
  private func report(_ session: RunSession) {
    guard let path = session.folderPath else { return }
    do throws(ResultsFailure) {
      let page = try StoredReport.write(of: [path], to: path)
      if !quiet, !json { print("report: \(page)") }
    } catch {
      CommandLineProgram.printError("the report was not written: \(error.message)")
    }
  }
}
