internal import Model
internal import Results
internal import Words

/// What stands above the first section.
struct ReportHeading: Sendable {
  /// What kind of page it is.
  var kind = "contend report"
  /// Names of the scenarios.
  let title: String
  /// The question that the scenario file opens with; empty when it opens with something else.
  let question: String
  /// When, where and what, in a few words each.
  let facts: [String]
}

extension ReportHeading {
  init(_ study: Study) {
    var scenarios: [String] = []
    for run in study.runs where !scenarios.contains(run.scenario) { scenarios.append(run.scenario) }
    var workloads: [String] = []
    for trial in study.trials where !trial.conditions.workload.isEmpty {
      let name = "workload \(trial.conditions.workload)"
      if !workloads.contains(name) { workloads.append(name) }
    }
    let environment = study.runs.first?.environment
    let machine = environment.map { environment in
      "\(counted(environment.machine.cpuCount, "CPU"))\(environment.machine.cpuModel.map { ", \($0)" } ?? "")"
    }
    let began = environment.map { environment in
      // 2026-03-01T12:00:00.000Z, of which seconds interest nobody here.
      environment.startedAt.prefix(16).split(separator: "T").joined(separator: " ") + " UTC"
    }
    let runs = study.runs.count > 1 ? [counted(study.runs.count, "run")] : []
    self.init(
      title: scenarios.isEmpty ? "Report" : scenarios.joined(separator: ", "),
      question: scenarios.count == 1 ? Self.question(study.runs.first?.scenarioText ?? "") : "",
      facts: runs + workloads + [began, machine, environment.map { "contend \($0.contend.version)" }].compactMap { $0 })
  }

  /// The first comment of a scenario file, if it asks something.
  private static func question(_ scenario: String) -> String {
    guard let line = scenario.split(whereSeparator: \.isNewline).first, line.first == "#" else { return "" }
    let words = line.drop { $0 == "#" || $0 == " " }
    return words.last == "?" ? String(words) : ""
  }
}
