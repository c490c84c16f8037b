import Foundation
import Testing

@testable import Results

@Suite struct DamagedResultsTests {
  private static let again = "copy the folder again, or undo the edit of this file"
  private static let cut =
    "the file ends in the middle of this line; copy the folder again, or delete the line if the run was cut off while "
    + "it wrote"

  /// Damage to a file, and the end of the sentence that tells it.
  struct Damage: Sendable, CustomTestStringConvertible {
    let file: String
    let sentence: String
    let edit: @Sendable (String) -> String
    var testDescription: String { "\(file)\(sentence.prefix(50))" }
    init(_ file: String, _ sentence: String, _ edit: @escaping @Sendable (String) -> String) {
      self.file = file
      self.sentence = sentence
      self.edit = edit
    }
  }

  private static func replacing(_ text: String, _ other: String) -> @Sendable (String) -> String {
    { $0.replacingOccurrences(of: text, with: other) }
  }

  private static let damages = [
    Damage("trials.csv", ":3: \(cut)") { String($0.dropLast(40)) },
    Damage("timeline.csv", ":5: \(cut)") { String($0.dropLast()) },
    Damage("checks.csv", ":5: \(cut)") { String($0.dropLast(3)) + "," },
    Damage("latency.hlog", ":9: \(cut)") { String($0.dropLast(100)) },
    Damage("violations.csv", ":4: \(cut)") { $0 + "\"" },
    Damage("trials.csv", ":1: the column 'store' is missing; \(again)", replacing("store", "stores")),
    Damage("checks.csv", ":1: the column 'verdict' is missing; \(again)", replacing("verdict", "Verdict")),
    Damage("trials.csv", ":1: two columns are called 'workers'; \(again)", replacing("processes", "workers")),
    Damage("trials.csv", ":1: the header is missing; \(again)") { _ in "" },
    Damage("trials.csv", ":2: longest_wait_ns: '-9000000' is not a whole number; \(again)") {
      $0.replacingOccurrences(of: ",9000000,", with: ",-9000000,")
    },
    Damage("trials.csv", ":2: measured_s: 'two' is not a number; \(again)", replacing("Z,2.0,", "Z,two,")),
    Damage("trials.csv", ":2: measured_s: 'nan' is not a number; \(again)", replacing("Z,2.0,", "Z,nan,")),
    Damage(
      "trials.csv", ":2: grade: 'strict' is not one of forbidden, interesting, required; \(again)",
      replacing("forbidden", "strict")),
    Damage("trials.csv", ":2: started_at: '2026' is not a moment", replacing("2026-03-01T12:00:00.250Z", "2026")),
    Damage(
      "trials.csv", ":2: seed: '18446744073709551615' is not a seed", replacing("0xffffffffffffffff", "\(UInt64.max)")),
    Damage("trials.csv", ":2: distribution: 'zipfian' is not uniform, or zipfian with its theta") {
      $0.replacingOccurrences(of: ",uniform,", with: ",zipfian,")
    },
    Damage("timeline.csv", ":4: committed_count: '1.5' is not a whole number; \(again)") { text in
      var lines = text.split(separator: "\n").map(String.init)
      lines[3] = lines[3].replacingOccurrences(of: ",2100,", with: ",1.5,")
      return lines.joined(separator: "\n") + "\n"
    },
    Damage(
      "trials.csv",
      ":2: schema_version 2 is not known here, only 1; read it with the version of contend that wrote it",
      replacing("\n1,2026", "\n2,2026")),
    Damage("plan.csv", ":2: 8 fields under a header of 9; \(again)", replacing(",0x0000000000000001\n", "\n")),
    Damage("trials.csv", ":3: this row is of the run 'other', those above of '20260301T120000Z-00abcd'; \(again)") {
      text in
      var lines = text.split(separator: "\n").map(String.init)
      lines[2] = lines[2].replacingOccurrences(of: "20260301T120000Z-00abcd", with: "other")
      return lines.joined(separator: "\n") + "\n"
    },
    Damage(
      "trials.csv", ":4: a second row for the same strategy, workers, variant, repetition and measurement; \(again)"
    ) { text in
      text + (text.split(separator: "\n").last ?? "") + "\n"
    },
    Damage(
      "checks.csv", ":2: a quote inside a field that does not begin with one; \(again)", replacing("ledger", "led\"ger")
    ),
    Damage("checks.csv", ":2: text after the closing quote of a field; \(again)", replacing("ledger", "\"led\"ger")),
    Damage(
      "violations.csv", ":2: kind: 'Lost update' is not a kind such as lost-update; \(again)",
      replacing("lost-update", "Lost update")),
    Damage("latency.hlog", ":4: the histogram is damaged, or contend did not write it; \(again)") { text in
      var lines = text.split(separator: "\n").map(String.init)
      lines[3] = String(lines[3].dropLast(8))
      return lines.joined(separator: "\n") + "\n"
    },
    Damage(
      "latency.hlog", ":1: not a tagged line of a histogram log; \(again)", replacing("#[Histogram", "[Histogram")),
    Damage("latency.hlog", ":7: a second histogram with the tag 'postgres.for-update~w8~r1~latency'; \(again)") {
      $0.replacingOccurrences(of: "~r2~", with: "~r1~")
    },
    Damage("environment.json", ":1: not the JSON of an environment that contend wrote; \(again)") {
      String($0.dropLast(9))
    },
  ]

  @Test("damage gives one sentence with the file, the line and what to do", arguments: damages)
  func damage(_ damage: Damage) throws {
    let root = try TemporaryFolder()
    try write([sampleTrial(repetition: 1), sampleTrial(repetition: 2)], sampleDescription(), to: root)
    let before = try root.text("run/" + damage.file)
    let after = damage.edit(before)
    try #require(after != before)
    try root.write(after, to: "run/" + damage.file)
    let failure = #expect(throws: ResultsFailure.self) { try StoredRun(reading: root.path + "/run") }
    let message = failure?.message ?? ""
    #expect(message.hasPrefix("\(root.path)/run/\(damage.file)\(damage.sentence)"), "\(message)")
    #expect(failure?.kind == .reading)
    #expect(!message.contains("\n"))
  }

  @Test("details that are not those of the trial are noticed: a verdict never changes unseen")
  func mixedUp() throws {
    let root = try TemporaryFolder()
    try write([sampleTrial()], sampleDescription(), to: root)
    let trials = root.path + "/run/trials.csv:2: "
    for (file, sentence) in [
      ("checks.csv", "the verdict is 'violation', but checks.csv says 'unknown'"),
      ("latency.hlog", "4000 latencies were recorded, but latency.hlog has 0 of them"),
    ] {
      let before = try root.text("run/" + file)
      let header = before.split(separator: "\n").prefix { !$0.contains("postgres") }.joined(separator: "\n") + "\n"
      try root.write(header, to: "run/" + file)
      let failure = #expect(throws: ResultsFailure.self) { try StoredRun(reading: root.path + "/run") }
      #expect(failure?.message.hasPrefix(trials + sentence) == true, "\(failure?.message ?? "")")
      try root.write(before, to: "run/" + file)
    }
    try root.write(
      try root.text("run/violations.csv").split(separator: "\n")[0] + "\n", to: "run/violations.csv")
    let failure = #expect(throws: ResultsFailure.self) { try StoredRun(reading: root.path + "/run") }
    #expect(
      failure?.message.hasPrefix(
        root.path + "/run/checks.csv:2: the verdict is 'violation', and the other files do not say why") == true)
  }

  @Test(
    "a file that is missing, and a folder that is none of a run", arguments: ["checks.csv", "latency.hlog", "plan.csv"])
  func missingFile(_ name: String) throws {
    let root = try TemporaryFolder()
    try write([sampleTrial()], sampleDescription(), to: root)
    try FileManager.default.removeItem(atPath: root.path + "/run/" + name)
    let missing = #expect(throws: ResultsFailure.self) { try StoredRun(reading: root.path + "/run") }
    #expect(
      missing?.message
        == "cannot read \(root.path)/run/\(name): no such file or directory; copy the whole results folder again")
    let remedy = "name a folder that 'contend run' wrote, such as results/quickstart-20260301T120000Z-00abcd"
    let other = #expect(throws: ResultsFailure.self) { try StoredRun(reading: root.path) }
    #expect(other?.message == "\(root.path): not a results folder, it has no trials.csv; \(remedy)")
    let none = #expect(throws: ResultsFailure.self) { try StoredRun(reading: root.path + "/none") }
    #expect(none?.message == "cannot read \(root.path)/none: no such file or directory; \(remedy)")
    #expect(none?.kind == .reading)
  }
}
