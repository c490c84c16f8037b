import Foundation
import Testing

/// `contend run --history` as a user meets it.
@Suite(.serialized) struct HistoryRunTests {
  @Test func everyTrialLeavesAHistoryThatTheReportDoesNotMind() throws {
    try withFolder { folder in
      let file = try folder.scenario(RunTests.quick)
      let run = try CommandLine.run(
        "run", file, "--history", "--repetitions", "1", "--duration", "50ms", "--out", "r", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("\nhistories: ") && run.output.contains(" operations of 2 trials in history/"))
      let files = folder.content("r/history").sorted()
      #expect(files.count == 4 && files.allSatisfy { $0.hasPrefix("1-memory.") || $0.hasPrefix("2-memory.") })
      // Phase by phase, as many operations were counted as are in the histories.
      let header = try #require(try folder.lines("r/counts.csv").first).split(separator: ",")
      let column = try #require(header.firstIndex(of: "started_count"))
      let started = try folder.lines("r/counts.csv").dropFirst().map {
        try #require(Int($0.split(separator: ",", omittingEmptySubsequences: false)[column]))
      }
      let written = try files.filter { $0.hasSuffix(".jsonl") }.map { name in
        // A header before them, and a line behind them that counts them.
        try folder.lines("r/history/\(name)").count - 2
      }
      #expect(started.reduce(0, +) == written.reduce(0, +))
      #expect(try folder.lines("r/histories.csv").count == 3)
      #expect(try CommandLine.run("report", "r", in: folder).status == 0)
    }
  }

  @Test func anInterruptionKeepsTheHistoryOfTheTrialThatItEnds() throws {
    try withFolder { folder in
      let file = try folder.scenario(
        "workload: {kind: counter, think: 1ms}\nload: {workers: 4, duration: 60s, repetitions: 1, remeasure: 0}\n"
          + "strategies: [memory.mutex]\n")
      let process = try CommandLine.start(["run", file, "--history", "--out", "r"], in: folder)
      let deadline = Date(timeIntervalSinceNow: 30)
      while !folder.content("r").contains("history"), Date() < deadline { usleep(20_000) }
      usleep(2_000_000)
      kill(process.processIdentifier, SIGINT)
      let run = try CommandLine(finishing: process, in: folder)
      #expect(run.status == 130)
      #expect(folder.content("r/history").sorted() == ["1-memory.mutex.edn", "1-memory.mutex.jsonl"])
      let lines = try folder.lines("r/history/1-memory.mutex.jsonl")
      #expect(lines.count > 10)
      #expect(lines.last == "{\"operations\":\(lines.count - 2),\"dropped\":0}")
    }
  }
}
