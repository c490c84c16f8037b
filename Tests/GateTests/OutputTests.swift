import Foundation
import Model
import Testing

@testable import Gate

#if canImport(FoundationXML)
import FoundationXML
#endif

/// What users and their tools read.
@Suite struct OutputTests {
  /// Names that try to be markup, workflow commands, table cells and control sequences.
  static let hostile = Cell(
    strategy: "<b>|%0A::error::`x`\u{1B}[31m\"&'\n@team \u{202E}*_]", workers: 2, variant: "a,b:c")

  /// One gate that shows everything: a confirmed regression, an improvement, an open comparison, wrong results and notes.
  static func verdict(hostile: Bool = false) throws -> GateVerdict {
    try #require(hostile ? hostileVerdict : plainVerdict)
  }

  private static let plainVerdict = try? makeVerdict(hostile: false)
  private static let hostileVerdict = try? makeVerdict(hostile: true)

  private static func makeVerdict(hostile: Bool) throws -> GateVerdict {
    let cells = [hot, cold, hostile ? Self.hostile : Cell(strategy: "redis.watch", workers: 8)]
    let broken = Cell(strategy: hostile ? "]]>--" : "memory.cas", workers: 4)
    let all = schedule(cells + [broken], again: [hot])
    var policy = GatePolicy()
    policy.waivers = [
      GateWaiver(
        cell: cells[2].title, subject: .p99, maximumRatio: 2.5, reason: "agreed",
        expires: try #require(CalendarDate("2026-12-31")))
    ]
    func sample(_ cell: Cell, _ repetition: Int, isCandidate: Bool) -> Sample? {
      if repetition > 10, cell != hot { return nil }
      let wave = ripple(isCandidate ? repetition + 3 : repetition)
      guard isCandidate else { return Sample(goodput: 1_920_000 / 1000 * wave) }
      switch cell {
      case hot: return Sample(goodput: 1740 * wave, p99: 1_050_000, retries: 0.1)
      case cold: return Sample(goodput: 2500 * wave, p99: repetition.isMultiple(of: 2) ? 500_000 : 1_800_000)
      case broken: return Sample(goodput: 9000 * wave, lost: repetition == 2 ? 17 : 0)
      default: return Sample(goodput: 1900 * (repetition.isMultiple(of: 2) ? 0.8 : 1.3), p99: 2_000_000)
      }
    }
    let base = arm("results/base", cells: cells + [broken], repetitions: 1...20) { sample($0, $1, isCandidate: false) }
    let candidate = arm("results/candidate", cells: cells + [broken], repetitions: 1...20) {
      sample($0, $1, isCandidate: true)
    }
    return Judge(base: base, candidate: candidate, schedule: all, policy: policy).verdict()
  }

  static let outputs: [(name: String, text: @Sendable (GateVerdict) -> String)] = [
    ("terminal-80.txt", { $0.terminalText(width: 80) }),
    ("terminal-120.txt", { $0.terminalText(width: 120) }), ("summary.md", { $0.markdown() }),
    ("junit.xml", { $0.junit }), ("annotations.txt", { $0.githubAnnotations }), ("metrics.txt", { $0.openMetrics }),
    ("page.html", { $0.html }), ("verdict.json", { String(decoding: VerdictFile($0).json(), as: UTF8.self) }),
  ]

  @Test(arguments: outputs.indices, [false, true])
  func `outputs are those of the golden files`(index: Int, hostile: Bool) throws {
    let (name, text) = Self.outputs[index]
    let made = text(try Self.verdict(hostile: hostile))
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    let golden = folder.appending(path: (hostile ? "hostile-" : "") + name)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN_FILES"] != nil {
      try made.write(to: golden, atomically: true, encoding: .utf8)
    }
    #expect(made == (try String(contentsOf: golden, encoding: .utf8)), "refresh with UPDATE_GOLDEN_FILES=1")
  }

  @Test(arguments: [72, 80, 100, 200]) func `no line of the terminal is too long`(width: Int) throws {
    for hostile in [false, true] {
      let text = try Self.verdict(hostile: hostile).terminalText(width: width)
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= width })
      #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
    }
  }

  @Test func `hostile names stay text`() throws {
    let verdict = try Self.verdict(hostile: true)
    #expect(!verdict.html.contains("<b>") && !verdict.junit.contains("<b>"))
    let commands = verdict.githubAnnotations.split(separator: "\n")
    #expect(commands.allSatisfy { $0.hasPrefix("::error ") || $0.hasPrefix("::warning ") })
    let rows = verdict.markdown().split(separator: "\n").filter { $0.hasPrefix("| ") }
    #expect(rows.allSatisfy { $0.replacing("\\|", with: "").count { $0 == "|" } == 8 })
    #expect(!verdict.markdown().contains(" @team"))
    #expect(
      verdict.openMetrics.split(separator: "\n").allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("contend_gate_") })
  }

  @Test(arguments: [false, true]) func `XML and JSON are well formed`(hostile: Bool) throws {
    let verdict = try Self.verdict(hostile: hostile)
    let object = try JSONSerialization.jsonObject(with: Data(VerdictFile(verdict).json())) as? [String: Any]
    #expect(object?["passed"] as? Bool == false && object?["exit_code"] as? Int == 2)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let read = try decoder.decode(VerdictFile.self, from: Data(VerdictFile(verdict).json()))
    #expect(read == VerdictFile(verdict))
    let markup = verdict.junit.split(separator: "<").count { !$0.hasPrefix("/") && !$0.hasPrefix("?") }
    let closed =
      verdict.junit.components(separatedBy: "/>").count - 1 + verdict.junit.components(separatedBy: "</").count - 1
    #expect(markup == closed, "every element is closed")
    #expect(XMLParser(data: Data(verdict.html.utf8)).parse(), "the page is XML, too")
  }

  /// Values of an attribute of all elements of a name.
  private static func values(_ attribute: String, of element: String, in text: String) -> [String] {
    text.split(separator: "\n").filter { $0.contains("<\(element) ") }.compactMap { line in
      line.firstRange(of: " \(attribute)=\"").map { line[$0.upperBound...].prefix { $0 != "\"" } }.map(String.init)
    }
  }

  @Test(arguments: [false, true]) func `JUnit times are numbers that add up`(hostile: Bool) throws {
    let junit = try Self.verdict(hostile: hostile).junit
    let cases = Self.values("time", of: "testcase", in: junit)
    #expect(cases.count == junit.components(separatedBy: "<testcase ").count - 1)
    let numbers = try cases.map { try #require(Double($0)) }
    let sums = Self.values("time", of: "testsuites", in: junit) + Self.values("time", of: "testsuite", in: junit)
    let total = numbers.reduce(0, +)
    #expect(sums.count == 2 && sums.allSatisfy { abs((Double($0) ?? -1) - total) < 0.001 }, "\(sums), \(total)")
    // 2 x (20 + 10 + 10) trials of 1000 s; the cell with wrong results has no comparison. Shares are whole milliseconds.
    #expect((79_999...80_000).contains(total), "\(total)")
  }

  @Test func `JUnit times of damaged results are numbers, too`() throws {
    let one = arm("base", repetitions: 1...10) { _, _ in Sample() }
    var two = arm("candidate", repetitions: 1...10) { _, _ in Sample() }
    two.trials[3].measuredSeconds = .infinity
    let junit = Judge(base: one, candidate: two, policy: GatePolicy()).verdict().junit
    let times = Self.values("time", of: "testcase", in: junit)
    #expect(!times.isEmpty && times.allSatisfy { Double($0)?.isFinite == true }, "\(times)")
  }

  @Test(arguments: [GateInconclusive.fail, .warn]) func `an open gate does not look passed`(
    word: GateInconclusive
  ) {
    var policy = GatePolicy()
    policy.onInconclusive = word
    let base = arm("base", repetitions: 1...10) { Sample(goodput: 1000 * ripple($1)) }
    let noisy = arm("candidate", repetitions: 1...10) { Sample(goodput: $1.isMultiple(of: 2) ? 800 : 1300) }
    let verdict = Judge(base: base, candidate: noisy, schedule: schedule(), policy: policy).verdict()
    #expect(verdict.conclusion == .inconclusive)
    let open = verdict.junit
    let errors = word == .fail ? 1 : 0
    #expect(Self.values("errors", of: "testsuite", in: open) == ["\(errors)"], "\(open)")
    #expect(open.components(separatedBy: "<error type=\"inconclusive\" message=\"INCONCLUSIVE (").count - 1 == errors)
    let tests = Self.values("tests", of: "testsuites", in: open)
    #expect(tests == ["\(open.components(separatedBy: "<testcase ").count - 1)"])
  }

  @Test func `the page loads nothing`() throws {
    let page = try Self.verdict(hostile: true).html
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("<script"))
    #expect(page.contains("default-src &#39;none&#39;"))
  }

  @Test func `a summary that is too long leaves out what passed`() throws {
    let short = try Self.verdict().markdown(limit: 1500)
    #expect(short.contains("are left out") && short.contains("REGRESSED") && short.utf8.count < 3000)
  }

  @Test func `annotations are few`() {
    let verdict = HardGateTests.verdict(cells: (1...20).map { Cell(strategy: "s\($0)", workers: 1) }) { _, _ in
      Sample(lost: 1)
    }
    let lines = verdict.githubAnnotations.split(separator: "\n")
    #expect(lines.count == 6 && lines[5].contains("and 15 more"))
  }

  @Test func `schedules are read back`() throws {
    var written = schedule([hot, cold], slices: 8, again: [cold])
    written.runs = ["base": "1", "candidate": "2"]
    written.policy[.p99].blocksOn = .nothing
    #expect(try GateSchedule(json: written.json(), path: "gate.json") == written)
    #expect(written.repetitions(of: written.blocks[1]) == 9...16)
    #expect(throws: (any Error).self) { try GateSchedule(json: Array(written.json().dropLast(40)), path: "gate.json") }
  }
}
