import Foundation
import Model
import Testing
import Words

@testable import Terminal

/// What the end of a run says of hosts: nothing while all is well.
struct HostNoteTests {
  private func notes(_ results: [TrialResult]) -> [String] {
    Footnotes(results, isComplete: true).notes.filter { !$0.hasPrefix("0 violations") && !$0.hasPrefix("exit code") }
  }

  private func trial(_ repetition: Int = 1, _ change: (inout TrialHosts) -> Void = { _ in }) -> TrialResult {
    var trial = SampleTrials.trial("a", repetition: repetition)
    trial.conditions.servers = ["redis"]
    var hosts = TrialHosts(
      (0..<3).map { rank in
        var host = HostRecord(rank: rank, name: "so\(rank + 1)", processors: 4, workers: 3)
        (host.busyRatio, host.clientRatio) = (0.6, 0.5)
        return host
      })
    change(&hosts)
    trial.hosts = hosts
    return trial
  }

  private func losing(_ repetition: Int) -> TrialResult {
    var trial = trial(repetition) { $0.hosts[2].isLost = true }
    trial.failure = "host 2 (so3) was lost"
    return trial
  }

  @Test("hosts of which nothing is to be said make no note")
  func unremarkable() { #expect(notes([trial()]) == []) }

  @Test("a lost host is named, with the trials that it cost")
  func lost() {
    func note(_ place: String) -> String {
      "host lost, what its workers did is unknown and its trial has no figure (a, 8 workers: host 2 (so3)\(place)): see why "
        + "it went silent, then measure again"
    }
    let failed = "trial failed (a, 8 workers, repetition 1): host 2 (so3) was lost"
    #expect(notes([losing(1)]) == [note(""), failed])
    #expect(notes([losing(1), trial(2), trial(3)]) == [note(" in 1 of 3 trials"), failed])
    #expect(notes([trial { ($0.hosts[1].isLost, $0.hosts[1].isDelivered) = (true, true) }]) == [])
  }

  @Test("a host whose processors were used up by our workers is the bottleneck")
  func saturated() {
    func busy(_ repetition: Int) -> TrialResult {
      trial(repetition) { ($0.hosts[1].busyRatio, $0.hosts[1].clientRatio) = (0.97, 0.88) }
    }
    let note =
      "load generator was the bottleneck, the processors of hosts were used up by our workers (a, 8 workers: host 1 (so2) "
      + "was 97 % busy, 88 % with our workers): spread the load over more hosts (load.hosts)"
    #expect(notes([busy(1)]) == [note])
    #expect(notes([busy(1), trial(2)]) == [note])
    #expect(notes([busy(1), trial(2), trial(3)]) == [])
    #expect(notes([trial { ($0.hosts[1].busyRatio, $0.hosts[1].clientRatio) = (0.97, 0.4) }]) == [], "others did it")
  }

  @Test("sure overlaps between hosts are a note of their own, undecided ones are none")
  func overlaps() {
    func compared(_ overlaps: Int64) -> TrialResult {
      trial {
        var holds = HoldsBetweenHosts()
        (holds.compared, holds.overlaps, holds.undecided) = (1_000, overlaps, 50)
        $0.holds = holds
      }
    }
    #expect(notes([compared(0)]) == [])
    #expect(
      notes([compared(1_234)]) == [
        "two holders at once on different hosts, critical sections that overlapped whatever clocks show within their bounds: "
          + "a, 8 workers: 1,234"
      ])
  }

  @Test("names of hosts cannot move the cursor")
  func names() {
    var trial = losing(1)
    trial.hosts?.hosts[2].name = "so3\u{1B}[2J"
    #expect(notes([trial])[0].contains("host 2 (so3 [2J)"))
  }

  @Test("at 80 columns the notes stand below the table")
  func table() throws {
    let lines = SummaryTable([losing(1), trial(2)]).text(for: TerminalStyle(width: 80)).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.contains { $0.hasPrefix("host lost, what its workers did is unknown") })
  }

  @Test("the summary as JSON says the same, and of one machine that it was one")
  func json() throws {
    var spread = losing(1)
    spread.hosts?.holds = HoldsBetweenHosts()
    spread.hosts?.holds?.overlaps = 2
    let data = Data(jsonSummary(of: [spread, SampleTrials.trial("b")]).utf8)
    let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let cells = try #require(document["cells"] as? [[String: Any]])
    #expect(cells.map { $0["hosts"] as? Int } == [3, 1])
    #expect(cells.map { $0["lost_hosts"] as? [String] } == [["so3"], []])
    #expect(cells.map { $0["host_overlaps"] as? Int } == [2, nil])
    #expect(cells.map { $0["host_undecided"] as? Int } == [0, nil])
  }
}
