internal import ArgumentParser
internal import Gate
@preconcurrency internal import Glibc
internal import Model
internal import Results
internal import Terminal

/// Where `contend gate` writes its verdict.
struct GateOutputs: ParsableArguments {
  /// Where annotations go.
  enum Annotations: String, ExpressibleByArgument, CaseIterable {
    case github, none
  }

  /// What becomes of open comparisons.
  enum OnInconclusive: String, ExpressibleByArgument, CaseIterable {
    case fail, warn
  }

  @Option(name: .long, help: ArgumentHelp("Write verdict.json, for programs, to this file.", valueName: "file"))
  var verdict: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Append Markdown to this file; auto means $GITHUB_STEP_SUMMARY, if set.", valueName: "file"))
  var summary: String?

  @Option(name: .long, help: ArgumentHelp("Write JUnit XML to this file.", valueName: "file"))
  var junit: String?

  @Option(name: .long, help: "Print workflow commands that GitHub shows on the page of the run: github or none.")
  var annotations = Annotations.none

  @Option(
    name: .long, help: ArgumentHelp("Write OpenMetrics text, as GitLab reads it, to this file.", valueName: "file"))
  var openmetrics: String?

  @Option(name: .long, help: ArgumentHelp("Write a page without scripts to this file.", valueName: "file"))
  var html: String?

  @Option(
    name: .long, help: "What becomes of open comparisons: fail (exit code 3) or warn (0); by default the policy's.")
  var onInconclusive: OnInconclusive?

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  /// Prints the table and writes every file that is asked for.
  func write(_ result: GateVerdict) throws(ResultsFailure) {
    if !quiet { print(result.terminalText(width: TerminalStyle.standardOutput.width), terminator: "") }
    if annotations == .github { print(result.githubAnnotations, terminator: "") }
    if let verdict { try OutputFile.write(VerdictFile(result).json(), to: verdict) }
    if let junit { try OutputFile.write(Array(result.junit.utf8), to: junit) }
    if let openmetrics { try OutputFile.write(Array(result.openMetrics.utf8), to: openmetrics) }
    if let html { try OutputFile.write(Array(result.html.utf8), to: html) }
    if let path = summaryPath { try OutputFile.append(Array(result.markdown().utf8), to: path) }
  }

  private var summaryPath: String? {
    guard summary == "auto" else { return summary }
    return getenv("GITHUB_STEP_SUMMARY").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}
