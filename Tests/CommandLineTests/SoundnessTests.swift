import Foundation
import Testing

/// What a run says of its own figures, with the real program.
@Suite struct SoundnessTests {
  @Test func whoHasNobodyToMeetIsTold() throws {
    try withFolder { folder in
      let file = try folder.scenario(
        """
        workload: {kind: counter, keys: 1, hold: 200us}
        load: {workers: [1, 4], duration: 600ms, warmup: 20ms, repetitions: 2, remeasure: 0}
        strategies: [memory.mutex]
        """)
      let run = try CommandLine.run("run", file, "--out", "kept", "--json", in: folder)
      let parsed = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      let cells = try #require(parsed?["cells"] as? [[String: Any]], "\(run.errors)").sorted {
        ($0["workers"] as? Int ?? 0) < ($1["workers"] as? Int ?? 0)
      }
      #expect(cells.map { $0["met_ratio"] as? Double ?? -1 }.map { $0 > 0.5 } == [false, true])
      #expect(cells.map { $0["too_few_met"] as? Bool } == [true, false])
      // The stored run says the same.
      let report = try folder.lines("kept/report.md").joined()
      #expect(
        report.contains("Few operations met another, so 0 violations mean little (memory.mutex, 1 worker: none seen)"))
      let header = try folder.lines("kept/trials.csv")[0].split(separator: ",")
      let parts = try folder.lines("kept/distributions.csv").filter { $0.contains(",committed_part,") }
      #expect(header.contains("met_count") && header.contains("workers_ready_ratio"))
      #expect(parts.count >= 8, "parts of 100 ms in windows of 600 ms, four trials")
    }
  }
}
