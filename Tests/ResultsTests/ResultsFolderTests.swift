import Foundation
import Glibc
import Model
import Testing

@testable import Results

@Suite struct ResultsFolderTests {
  @Test("a run leaves all its files, with whole rows")
  func allFiles() throws {
    let root = try TemporaryFolder()
    let folder = try ResultsFolder(.below(root.path + "/new/results"), sampleDescription())
    #expect(folder.path == root.path + "/new/results/flash-sale-20260301T120000Z-00abcd")
    try folder.append(sampleTrial(repetition: 1))
    try folder.append(sampleTrial(repetition: 2))
    let below = "new/results/flash-sale-20260301T120000Z-00abcd"
    #expect(
      try root.names(below) == [
        "checks.csv", "counts.csv", "cross_checks.csv", "distributions.csv", "environment.json",
        "faults.csv", "histograms.csv", "latency.hlog", "plan.csv", "scenario.yaml", "stages.csv", "timeline.csv",
        "trials.csv",
        "turns.csv", "violations.csv",
      ])
    let tables = [
      "trials", "timeline", "checks", "cross_checks", "distributions", "counts", "violations", "plan", "histograms",
      "faults", "turns",
    ]
    let rows = try tables.map {
      try root.text(below + "/\($0).csv").split(separator: "\n").count - 1
    }
    #expect(rows == [2, 4, 4, 4, 20, 6, 2, 2, 6562, 4, 6])
    #expect(try root.text(below + "/scenario.yaml") == "name: flash-sale\n")
    #expect(
      try root.text(below + "/plan.csv") == """
        schema_version,run_id,strategy,workers,repetition,position,variant,strategy_index,seed
        1,20260301T120000Z-00abcd,"a,b",8,1,1,,0,0x0000000000000001
        1,20260301T120000Z-00abcd,memory.none,8,1,2,,1,0x0000000000000001

        """)
  }

  @Test("trials with a history have a row that says what is in it, and others make no file")
  func histories() throws {
    let root = try TemporaryFolder()
    let folder = try ResultsFolder(.exactly(root.path + "/run"), sampleDescription())
    try folder.append(sampleTrial(repetition: 1))
    #expect(!(try root.names("run")).contains("histories.csv"))
    for repetition in 2...3 {
      var trial = sampleTrial(repetition: repetition)
      var history = HistorySummary(name: "\(repetition)-a-b")
      (history.okCount, history.failCount, history.infoCount) = (70, 8, 9)
      if repetition == 3 { (history.missingCount, history.cutReason) = (5, "the disk is full") }
      (history.waitsCount, history.waitedNanoseconds, history.waitedWithinNanoseconds) = (4, 1000, 20)
      trial.history = history
      try folder.append(trial)
    }
    let lines = try root.text("run/histories.csv").split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[1].hasSuffix(",2,2-a-b,70,8,9,0,,4,1000,20,,1"))
    #expect(lines[2].hasSuffix(",3,3-a-b,70,8,9,5,the disk is full,4,1000,20,,1"))
  }

  @Test("the histogram log has version, start and one tagged line per histogram that is not empty")
  func histogramLog() throws {
    let root = try TemporaryFolder()
    let folder = try ResultsFolder(.exactly(root.path + "/run"), sampleDescription())
    let trial = sampleTrial(strategy: "a ,~%b\u{e9}", workers: 16, repetition: 2)
    try folder.append(trial)
    let lines = try root.text("run/latency.hlog").split(separator: "\n")
    #expect(lines.count == 6)
    #expect(lines[0] == "#[Histogram log format version 1.3]")
    #expect(lines[1] == "#[StartTime: 1772366400.000 (seconds since epoch), 2026-03-01T12:00:00.000Z]")
    #expect(lines[2].hasPrefix("\"StartTimestamp\","))
    let prefix = "Tag=a%20%2c%7e%25b\u{e9}~w16~r2~"
    #expect(lines[3].hasPrefix(prefix + "latency,1772366400.250,2.000,4.002,HISTF"))
    #expect(lines[4].hasPrefix(prefix + "wait,1772366400.250,2.000,0.000,HISTF"))
    #expect(lines[5].hasPrefix(prefix + "censored,1772366400.250,2.000,7.012,HISTF"))
    let payload = lines[3].split(separator: ",").last.map { HistogramEncoding.decode(String($0)) }
    #expect(payload == trial.latency)
  }

  @Test("a folder that holds something is refused, and nothing in it is touched")
  func occupiedFolder() throws {
    let root = try TemporaryFolder()
    try root.write("precious", to: "notes.txt")
    let failure = #expect(throws: ResultsFailure.self) { try ResultsFolder(.exactly(root.path), sampleDescription()) }
    #expect(failure?.message.contains("is not empty: a results folder belongs to one run") == true)
    #expect(try root.names() == ["notes.txt"])
  }

  @Test("of two runs that were given the same folder one fails, and the other is not disturbed")
  func twoRuns() throws {
    let root = try TemporaryFolder()
    let first = try ResultsFolder(.exactly(root.path + "/run"), sampleDescription())
    #expect(throws: ResultsFailure.self) { try ResultsFolder(.exactly(root.path + "/run"), sampleDescription()) }
    #expect(throws: ResultsFailure.self) {
      try AppendOnlyFile(creating: root.path + "/run/trials.csv", header: "other")
    }
    try first.append(sampleTrial())
    #expect(try root.text("run/trials.csv").split(separator: "\n").count == 2)
    #expect(try root.text("run/trials.csv").hasPrefix("schema_version,run_id,scenario,strategy,"))
  }

  @Test("an empty folder that was named is taken")
  func emptyFolder() throws {
    let root = try TemporaryFolder()
    _ = try ResultsFolder(.exactly(root.path), sampleDescription())
    #expect(try root.names().contains("trials.csv"))
  }

  @Test("a place where no folder can be made gives one sentence with the path")
  func impossiblePlace() throws {
    let root = try TemporaryFolder()
    try root.write("", to: "file")
    let below = #expect(throws: ResultsFailure.self) {
      try ResultsFolder(.below(root.path + "/file"), sampleDescription())
    }
    #expect(below?.message.contains("/file/flash-sale-20260301T120000Z-00abcd: not a directory") == true)
    let denied = ResultsFailure("create the folder", "/srv/results", errno: EACCES)
    #expect(
      denied.message
        == "cannot create the folder /srv/results: permission denied; name a folder that you may write with --out")
    #expect(
      ResultsFailure("write", "a/trials.csv", errno: ENOSPC).message.hasPrefix("disk full: cannot write a/trials.csv;"))
  }

  @Test("a write that ends in the middle of a line takes back everything that belongs to the trial")
  func limitReached() async {
    await #expect(processExitsWith: .success) {
      let root = try TemporaryFolder()
      let folder = try ResultsFolder(.exactly(root.path + "/run"), sampleDescription())
      try folder.append(sampleTrial(repetition: 1))
      let names = [
        "trials.csv", "timeline.csv", "checks.csv", "violations.csv", "distributions.csv", "histograms.csv",
        "counts.csv",
        "latency.hlog",
      ]
      let before = try names.map { try root.text("run/" + $0) }
      // The kernel writes up to the limit and refuses the rest: half a line of the longest file.
      try limitFileSize(to: rlim_t(before[5].utf8.count + 50))
      let failure = #expect(throws: ResultsFailure.self) { try folder.append(sampleTrial(repetition: 2)) }
      #expect(failure?.message.contains("file size limit reached: cannot write") == true)
      try limitFileSize(to: rlim_t.max)
      #expect(try names.map { try root.text("run/" + $0) } == before)
      // With room again, the next trial is stored as if nothing had been.
      try folder.append(sampleTrial(repetition: 3))
      #expect(try root.text("run/trials.csv").split(separator: "\n").count == 3)
    }
  }

  @Test("a file that cannot take a whole line keeps none of it")
  func halfLine() async {
    await #expect(processExitsWith: .success) {
      let root = try TemporaryFolder()
      let file = try AppendOnlyFile(creating: root.path + "/lines", header: "header\n")
      try limitFileSize(to: 20)
      #expect(throws: ResultsFailure.self) { try file.append("more than twenty bytes\n") }
      #expect(try root.text("lines") == "header\n")
      try file.append("short\n")
      #expect(try root.text("lines") == "header\nshort\n")
    }
  }

  @Test("a run that cannot begin leaves no folder behind")
  func nothingLeftBehind() async {
    await #expect(processExitsWith: .success) {
      let root = try TemporaryFolder()
      // Room for the headers of the tables, but not for the copy of the scenario.
      try limitFileSize(to: 10_000)
      let large = sampleDescription(scenarioFile: Array(repeating: UInt8(ascii: "#"), count: 20_000))
      #expect(throws: ResultsFailure.self) { try ResultsFolder(.exactly(root.path + "/run"), large) }
      #expect(try root.names() == [])
    }
  }

  @Test("names of folders hold no character that could leave the folder or trouble a shell")
  func folderNames() {
    let run = RunIdentity(startedAt: 1_772_366_400, random: 0x12_3456_78)
    #expect(run.id == "20260301T120000Z-345678")
    #expect(run.folderName(scenario: "../../etc/pass wd") == "etc-pass-wd-20260301T120000Z-345678")
    #expect(run.folderName(scenario: "/") == "scenario-20260301T120000Z-345678")
    #expect(RunIdentity().id != RunIdentity().id)
  }
}

/// Lets files of this process grow to a number of bytes only.
private func limitFileSize(to bytes: rlim_t) throws {
  signal(SIGXFSZ, SIG_IGN)
  var limit = rlimit(rlim_cur: bytes, rlim_max: rlim_t.max)
  try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
}
