internal import ArgumentParser

/// `contend report`: makes the report of stored runs.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write a report of one or several runs: report.html and report.md.",
    discussion: """
      The report of one run is written into its folder, that of several into the folder report here, unless --out names \
      another one. An earlier report is replaced.
      """)

  @Argument(help: ArgumentHelp("Results folders that 'contend run' wrote.", valueName: "run"), completion: .directory)
  var runs: [String]

  @Option(name: .long, help: ArgumentHelp("Write the report to this folder.", valueName: "folder"))
  var out: String?

  func run() throws {
    print("report: \(try StoredReport.write(of: runs, to: out ?? (runs.count == 1 ? runs[0] : "report")))")
  }
}
