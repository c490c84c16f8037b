internal import Analysis
internal import ArgumentParser
internal import Report
internal import Results
internal import Terminal

/// `contend compare`: two runs, or two strategies of one run, cell by cell.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare two runs, or two strategies of one run: correctness first, then speed.",
    discussion: """
      contend compare BASE CANDIDATE compares two results folders; --strategy keeps only the strategies that it names. \
      contend compare RUN --strategy A --strategy B compares strategy B of one run with strategy A.

      Exit codes: 0 compared, 2 the candidate breaks an invariant that the base keeps, 3 it can no longer be told, \
      4 nothing is comparable, 64 usage, 65 a folder cannot be read. Speed is reported and not judged.
      """)

  @Argument(help: ArgumentHelp("Results folder of the base, or of the only run.", valueName: "base"))
  var base: String

  @Argument(help: ArgumentHelp("Results folder of the candidate.", valueName: "candidate"))
  var candidate: String?

  @Option(
    name: .long, help: ArgumentHelp("Compare this strategy, by label or id; may be repeated.", valueName: "id"))
  var strategy: [String] = []

  @Option(name: .long, help: ArgumentHelp("Write the comparison to this file, as Markdown.", valueName: "file"))
  var markdown: String?

  @Option(name: .long, help: ArgumentHelp("Write the comparison to this file, as a web page.", valueName: "file"))
  var html: String?

  func validate() throws {
    if candidate == nil && strategy.count != 2 {
      throw ValidationError("name two results folders, or one and two strategies with --strategy")
    }
  }

  func run() throws {
    let comparison = try compared()
    print(comparison.text(width: TerminalStyle.standardOutput.width), terminator: "")
    if let markdown { try WholeFile.write(comparison.markdown, to: markdown) }
    if let html { try WholeFile.write(ComparisonPage(comparison).html(), to: html) }
    let conclusion = comparison.conclusion
    if conclusion != .compared { throw CommandFailure(ExitStatus(conclusion), ComparisonNotes(comparison).reason) }
  }

  private func compared() throws -> Comparison {
    let first = try StoredRun(reading: base)
    let second = try candidate.map { try StoredRun(reading: $0) }
    do throws(ComparisonFailure) {
      guard let second else { return try Comparison(first, base: strategy[0], candidate: strategy[1]) }
      return try Comparison(first, second, strategies: strategy)
    } catch {
      throw CommandFailure(.usage, error.message)
    }
  }
}
