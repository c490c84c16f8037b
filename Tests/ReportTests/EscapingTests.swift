import Foundation
import Model
import Testing

@testable import Report
@testable import Results

/// Names come from scenario files, messages from servers: none may become markup.
@Suite struct EscapingTests {
  static let hostile = "<b onclick='x'>\"&`|*_[x](y)\u{1B}\u{202E}\n# h"

  /// A run with markup in every text that it has.
  static var run: StoredRun {
    var broken = SampleRuns.trial(hostile, index: 0, workers: 2, repetition: 1, position: 1, variant: hostile)
    broken.strategyID = hostile
    broken.store = hostile
    broken.conditions.workload = hostile
    let finding = Violation(
      kind: .lostUpdate, key: 1, expected: hostile, observed: hostile, count: 3, evidence: hostile)
    broken.checks = [
      CheckResult(checker: hostile, examined: 5, violations: [finding]),
      CheckResult(checker: hostile, examined: 0, unknown: hostile),
    ]
    broken.crossChecks = [CrossCheck(name: hostile, client: 1, server: 2, slack: 0)]
    broken.machine.disturbances = [hostile]
    broken.firstError = hostile
    broken.tallies[.measured]?[.failed] = 1
    var failed = SampleRuns.trial(
      "second" + hostile, index: 1, workers: 2, repetition: 1, position: 2, variant: hostile)
    failed.failure = hostile
    let passed = SampleRuns.trial("third" + hostile, index: 2, workers: 2, repetition: 1, position: 3, variant: hostile)
    let other = SampleRuns.trial("third" + hostile, index: 2, workers: 4, repetition: 1, position: 4, variant: hostile)
    var environment = SampleRuns.environment(hostile)
    environment.contend.arguments = [hostile, "run", hostile]
    environment.machine.cpuModel = hostile
    environment.machine.kernelArguments = hostile
    environment.services = [hostile: .init(version: hostile, location: hostile, settings: [hostile: hostile])]
    return StoredRun(
      path: hostile, id: hostile, scenario: hostile, scenarioText: "#" + hostile + "?\n" + hostile + "\n```\n",
      environment: environment, planned: [], trials: [broken, failed, passed, other])
  }

  @Test func `a page holds hostile text as text only`() throws {
    let page = Report([Self.run]).html()
    #expect(!page.contains("<b "))
    #expect(page.contains("&lt;b onclick=&#39;x&#39;&gt;&quot;&amp;`|"))
    #expect(!page.contains("\u{1B}") && !page.contains("\u{202E}"))
    let reader = try PageReader(page)
    #expect(!reader.elements.contains { $0.name == "b" || $0.attributes["onclick"] != nil })
    #expect(reader.elements.contains { $0.text.contains("<b onclick='x'>") })
  }

  @Test func `Markdown holds hostile text as text only`() {
    let text = Report([Self.run]).markdown()
    var fence = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let ticks = String(line.prefix { $0 == "`" })
      if ticks.count >= 3, fence.isEmpty || ticks == fence {
        fence = fence.isEmpty ? ticks : ""
        continue
      }
      guard fence.isEmpty else { continue }
      #expect(!line.contains("<b"), "\(line)")
      #expect(!line.contains("\u{1B}") && !line.contains("\u{202E}"))
      #expect(!line.replacing("\\`", with: "").contains("`|"), "\(line)")
      #expect(!line.contains("[x](y)"), "\(line)")
      #expect(!line.hasPrefix("# h"))
    }
    #expect(fence.isEmpty, "every fence is closed")
    #expect(text.contains("&lt;b onclick='x'&gt;\"&amp;\\`\\|\\*\\_\\[x\\](y)"))
  }

  @Test func `every row of a Markdown table has as many fields as its header`() {
    let text = Report([Self.run, SampleRuns.small]).markdown()
    var columns = 0
    var tables = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("| ") || line.hasPrefix("|-") else {
        columns = 0
        continue
      }
      let bars = line.replacing("\\|", with: "").count { $0 == "|" }
      if columns == 0 { tables += 1 }
      #expect(columns == 0 || bars == columns, "\(line)")
      columns = bars
    }
    #expect(tables > 10)
  }

  @Test func `a fence is longer than any inside`() {
    #expect(MarkdownText.fenced("a\n````\n", language: "yaml") == "`````yaml\na\n````\n`````\n")
    #expect(MarkdownText.code("plain") == "`plain`")
    #expect(MarkdownText.code("a|`b") == "<code>a\\|\\`b</code>")
  }

  @Test(arguments: [
    (0.0, ""), (1, "██████████"), (0.5, "█████"), (0.001, "▏"), (0.15, "█▌"), (.nan, ""), (7, "██████████"),
  ])
  func `shares become bars`(share: Double, bar: String) {
    #expect(MarkdownText.bar(share) == bar)
  }
}
