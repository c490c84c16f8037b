import Foundation
import Model
import Testing

@testable import Results

/// Every run below `results/` stays readable, whichever version wrote it.
@Suite struct CommittedRunsTests {
  private static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("results").path

  private static func runs() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { folder + "/" + $0 }.filter {
      FileManager.default.fileExists(atPath: $0 + "/trials.csv")
    }
  }

  @Test("every stored run is read, and its figures are those of its rows")
  func readable() throws {
    for path in try Self.runs() {
      let run = try StoredRun(reading: path)
      #expect(!run.trials.isEmpty && !run.scenario.isEmpty && !run.scenarioText.isEmpty, "\(path)")
      #expect(run.environment?.runId == run.id, "\(path)")
      // Writing the trials again must give the fields that were read, in every column that the file has.
      let rows = try StoredTable(path + "/trials.csv").rows
      for (trial, row) in zip(run.trials, rows) {
        let again = TrialRow(run: run.id, scenario: run.scenario, trial: trial, detail: ())
        for column in trialTable.columns {
          guard let stored = row.field(column.name) else { continue }
          #expect(column.field(again) == CSV.field(stored), "\(path):\(row.line): \(column.name)")
        }
      }
    }
  }
}
