internal import Results

extension Section {
  /// The scenario files, byte for byte, each with the user's scripts that it ran.
  static func scenario(_ study: Study) -> Section? {
    var seen: [String] = []
    var blocks: [Block] = []
    for (run, name) in zip(study.runs, study.runNames) where !run.scenarioText.isEmpty {
      guard !seen.contains(run.scenarioText) else { continue }
      seen.append(run.scenarioText)
      if !name.isEmpty { blocks.append(.heading(name)) }
      blocks.append(.code(run.scenarioText, language: "yaml"))
      if let scripts = run.scriptsText { blocks.append(.code(scripts, language: "sql")) }
    }
    return blocks.isEmpty ? nil : Section(id: "scenario", title: "Scenario", blocks: blocks)
  }
}
