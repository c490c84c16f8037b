import Foundation
import Model
import Testing

@testable import Report
@testable import Results

@Suite struct HostTests {
  @Test func `a run on one machine has no section about hosts`() {
    #expect(Section.hosts(Study([SampleRuns.small], lookup: { _, _ in nil })) == nil)
  }

  @Test func `the picture comes first, a chart per cell, with lost hosts hatched and busy ones named`() throws {
    let section = try #require(Section.hosts(Study([SampleRuns.hosts], lookup: { _, _ in nil })))
    guard case .figures(let figures) = section.blocks[0] else { return #expect(Bool(false), "no picture") }
    #expect(figures.map(\.title) == ["postgres.for-update", "redis.lock"])
    let descriptions = try descriptions(of: Report([SampleRuns.hosts]).html())
    #expect(descriptions.count == 2 && descriptions[0].hasPrefix("host 0 (so1): 1,855; host 1 (so2): "))
    #expect(descriptions[1].contains("host 2 (so3): 2,055, lost in 1 of 3; host 3 (so4): 2,030, 97 % busy"))
  }

  @Test func `the table has a row per host, and sentences say what is wrong`() {
    let text = Report([SampleRuns.hosts]).markdown()
    let rows = text.split(separator: "\n").filter { $0.contains("| so") }
    #expect(rows.count == 8)
    #expect(
      rows[0]
        == "| postgres.for-update | 0 | so1 | 4 | 16 | 1,855 | 2.00 ms | 9.00 us | 45 % | 40 % | 0 | no |")
    #expect(
      rows[6]
        == "| redis.lock | 2 | so3 | 4 | 16 | 2,055 | 2.20 ms | 10.0 us | 45 % | 40 % | 15 | 1 of 3 |")
    for sentence in [
      "The load generator was the bottleneck on host 3 (so4): its processors were 97 % busy, 88 % with our workers.",
      "host 2 (so3) was lost in 1 of 3 trials: 15 signs of life did not come, and its evidence is missing.",
      "12,000 critical sections of different hosts were compared: 0 overlapped, 3 undecided; an overlap longer than 40.0 us "
        + "cannot have been missed.",
      "Hosts began at most 52.0 us apart, by the bounds of their clocks.",
    ] { #expect(text.contains(sentence), "\(sentence)") }
    #expect(text.contains("compared: 6 overlapped, 3 undecided"))
  }

  @Test func `of very many hosts the picture shows those that were lost, then the slowest, and the table folds`() throws
  {
    var run = SampleRuns.trial("redis.lock", index: 1, workers: 100, repetition: 1, position: 1)
    run.hosts = TrialHosts(
      (0..<100).map { rank in
        var host = HostRecord(rank: rank, name: "node\(rank)", processors: 2, workers: 1)
        host.committed = rank == 40 ? nil : Int64(4000 - rank)
        host.isLost = rank == 40
        return host
      })
    let many = SampleRuns.run([run], scenario: "many")
    let section = try #require(Section.hosts(Study([many], lookup: { _, _ in nil })))
    guard case .figures(let figures) = section.blocks[0] else { return #expect(Bool(false), "no picture") }
    #expect(figures[0].caption == "The 16 most telling of 100 hosts.")
    let description = try #require(try descriptions(of: Report([many]).html()).first)
    let parts = description.split(separator: "; ")
    #expect(parts.count == 16 && parts[0] == "host 40 (node40): not measured, lost")
    #expect(parts[1].hasPrefix("host 85 ") && parts[15].hasPrefix("host 99 "))
    guard case .table(let table) = section.blocks[2] else { return #expect(Bool(false), "no table") }
    #expect(table.rows.count == 32)
    #expect(
      table.columns.map(\.title) == [
        "strategy", "host", "name", "CPUs", "workers", "committed/s", "missed", "lost",
      ])
  }

  /// What the charts of hosts say to those who hear them.
  private func descriptions(of page: String) throws -> [String] {
    let texts = try PageReader(page).elements.filter { $0.name == "desc" }.map(\.text)
    // Each chart is drawn twice where it is alone: for a page and for a telephone.
    return texts.filter { $0.hasPrefix("host ") }.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }

  @Test func `a stored run shows the hosts that it was written with`() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("contend-test-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let run = SampleRuns.hosts
    let folder = try ResultsFolder(
      .exactly(path),
      ResultsFolder.Description(
        identity: RunIdentity(startedAt: 1_772_366_400, random: 1), scenario: run.scenario,
        scenarioFile: Array(run.scenarioText.utf8), plan: run.planned, environment: try #require(run.environment)))
    for trial in run.trials { try folder.append(trial) }
    let text = Report([try StoredRun(reading: path)]).markdown()
    #expect(text.contains("| redis.lock | 2 | so3 | 4 | 16 |"))
  }
}
