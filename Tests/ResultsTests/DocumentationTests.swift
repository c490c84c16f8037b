import Foundation
import Model
import Testing

@testable import Results

/// `results/README.md` must say what the code writes. With `CONTEND_UPDATE_DOCUMENTATION=1` the sections between the
/// markers are written anew instead of compared.
@Suite(.serialized) struct DocumentationTests {
  private static let path =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("results/README.md").path
  private static let isUpdating = ProcessInfo.processInfo.environment["CONTEND_UPDATE_DOCUMENTATION"] == "1"
  private static let tables: [(file: String, documentation: String)] = [
    (trialTable.file, trialTable.documentation), (timelineTable.file, timelineTable.documentation),
    (checkTable.file, checkTable.documentation), (violationTable.file, violationTable.documentation),
    (crossCheckTable.file, crossCheckTable.documentation),
    (distributionTable.file, distributionTable.documentation), (countTable.file, countTable.documentation),
    (histogramTable.file, histogramTable.documentation), (planTable.file, planTable.documentation),
    (faultTable.file, faultTable.documentation), (stageTable.file, stageTable.documentation),
    (historyTable.file, historyTable.documentation),
    (turnTable.file, turnTable.documentation), (hostTable.file, hostTable.documentation),
  ]

  @Test("every column of every table is documented as it is written")
  func columns() throws {
    var text = try String(contentsOfFile: Self.path, encoding: .utf8)
    for table in Self.tables {
      let start = "<!-- columns of \(table.file) -->\n"
      let begin = try #require(text.range(of: start), "\(table.file) has no section")
      let end = try #require(text.range(of: "<!-- end -->", range: begin.upperBound..<text.endIndex))
      let section = begin.upperBound..<end.lowerBound
      if Self.isUpdating {
        text.replaceSubrange(section, with: table.documentation)
      } else {
        #expect(
          text[section] == table.documentation, "\(table.file): set CONTEND_UPDATE_DOCUMENTATION=1 and test again")
      }
    }
    if Self.isUpdating { try text.write(toFile: Self.path, atomically: true, encoding: .utf8) }
  }

  @Test("every file of a folder is documented")
  func files() throws {
    let text = try String(contentsOfFile: Self.path, encoding: .utf8)
    let root = try TemporaryFolder()
    var trial = sampleTrial()
    trial.hosts = sampleHosts()
    trial.history = HistorySummary(name: "1-a-b")
    try ResultsFolder(.exactly(root.path + "/run"), sampleDescription()).append(trial)
    for name in try root.names("run") { #expect(text.contains("| `\(name)` |"), "\(name)") }
  }

  @Test("every key of environment.json is documented")
  func environmentKeys() throws {
    let text = try String(contentsOfFile: Self.path, encoding: .utf8)
    // Whatever this machine cannot tell is filled in, so that no key escapes.
    var environment = sampleDescription().environment
    environment.scenario.git = try JSONDecoder().decode(
      GitState.self, from: Data(#"{"commit": "0", "isDirty": false}"#.utf8))
    environment.machine.cpuModel = ""
    environment.machine.threadsPerCore = 1
    environment.machine.frequencyGovernor = ""
    environment.machine.memoryBytes = 1
    environment.machine.kernelRelease = ""
    environment.machine.kernelArguments = ""
    environment.machine.clockSource = ""
    environment.machine.transparentHugePages = ""
    environment.machine.glibcVersion = ""
    environment.machine.cgroupCpuLimit = 1
    environment.loadAtStart.cpuPressureRatio = 0
    environment.loadAtStart.stealRatioSinceBoot = 0
    environment.services = ["postgres": .init(version: "15", location: "managed", settings: [:])]
    let json = try JSONSerialization.jsonObject(with: Data(environment.json()))
    let keys = leaves(json, below: "").map { $0.replacingOccurrences(of: "services.postgres", with: "services.NAME") }
    #expect(keys.count > 25)
    for key in keys { #expect(text.contains("| `\(key)` |"), "\(key)") }
  }

  private func leaves(_ json: Any, below path: String) -> [String] {
    guard let object = json as? [String: Any], !object.isEmpty else { return [path] }
    return object.flatMap { leaves($0.value, below: path.isEmpty ? $0.key : path + "." + $0.key) }
  }
}
