import Foundation
import Testing

/// `contend report`, and the report that `contend run` leaves, with the real program.
@Suite(.serialized) struct ReportTests {
  @Test func aRunLeavesAReportAndNamesItLast() throws {
    try withFolder { folder in
      let run = try CommandLine.run("run", folder.scenario(RunTests.quick), "--out", "r", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.hasSuffix("\nreport: r/report.html\n"))
      let page = try String(contentsOf: folder.appendingPathComponent("r/report.html"), encoding: .utf8)
      #expect(page.contains("memory.mutex") && page.contains("<h2>The answer</h2>"))
      #expect(folder.content("r").contains("report.md"))
      #expect(!folder.content("r").contains { $0.hasSuffix(".partial") })
    }
  }

  @Test func aReportIsMadeAgainFromTheResults() throws {
    try withFolder { folder in
      let file = try folder.scenario(RunTests.quick)
      #expect(try CommandLine.run("run", file, "--quiet", "--out", "a", in: folder).status == 0)
      #expect(try CommandLine.run("run", file, "--quiet", "--out", "b", in: folder).status == 0)
      let first = try Data(contentsOf: folder.appendingPathComponent("a/report.html"))
      try FileManager.default.removeItem(at: folder.appendingPathComponent("a/report.html"))
      let one = try CommandLine.run("report", "a", in: folder)
      #expect(one.status == 0 && one.output == "report: a/report.html\n", "\(one.errors)")
      #expect(try Data(contentsOf: folder.appendingPathComponent("a/report.html")) == first)
      let both = try CommandLine.run("report", "a", "b", in: folder)
      #expect(both.status == 0 && both.output == "report: report/report.html\n", "\(both.errors)")
      let elsewhere = try CommandLine.run("report", "a", "--out", "x/y", in: folder)
      #expect(elsewhere.status == 0)
      #expect(folder.content("x/y") == ["report.html", "report.md"])
    }
  }

  @Test func whatIsNoRunIsOneSentence() throws {
    try withFolder { folder in
      #expect(try CommandLine.run("report", in: folder).status == 64)
      let missing = try CommandLine.run("report", "nowhere", in: folder)
      #expect(missing.status == 65)
      #expect(missing.errors.split(separator: "\n").count == 1, "\(missing.errors)")
      #expect(folder.content() == [".errors", ".output"])
    }
  }

  @Test func aReportThatCannotBeWrittenDoesNotHideTheExitCode() throws {
    try withFolder { folder in
      // A folder in the place of the file: nobody, root included, can replace it by a file.
      let turned = try folder.scenario(RunTests.quick + "\nexpect:\n  memory.none: pass\n")
      let process = try CommandLine.start(["run", turned, "--set", "load.repetitions=4", "--out", "r"], in: folder)
      let deadline = Date(timeIntervalSinceNow: 30)
      while ((try? folder.lines("r/trials.csv").count) ?? 0) < 2, Date() < deadline { usleep(20_000) }
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("r/report.html/x"), withIntermediateDirectories: true)
      let run = try CommandLine(finishing: process, in: folder)
      #expect(run.status == 2)
      #expect(run.errors.contains("contend: the report was not written: "))
      #expect(run.output.contains("memory.mutex"))
    }
  }

  @Test func anInterruptedRunHasAReportOfItsFinishedTrials() throws {
    try withFolder { folder in
      let file = try folder.scenario(RunTests.quick)
      let process = try CommandLine.start(["run", file, "--set", "load.repetitions=200", "--out", "r"], in: folder)
      let deadline = Date(timeIntervalSinceNow: 30)
      while ((try? folder.lines("r/trials.csv").count) ?? 0) < 3, Date() < deadline { usleep(20_000) }
      kill(process.processIdentifier, SIGINT)
      let run = try CommandLine(finishing: process, in: folder)
      #expect(run.status == 130)
      #expect(run.output.hasSuffix("\nreport: r/report.html\n"))
      let page = try String(contentsOf: folder.appendingPathComponent("r/report.html"), encoding: .utf8)
      #expect(page.contains("planned trials were not made."))
    }
  }
}
