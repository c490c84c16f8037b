import Foundation
import Model
import Testing
import Words

@testable import Terminal

/// What a table says about the worth of its own figures: each note where it applies, and nowhere else.
struct SoundnessNoteTests {
  private func notes(_ results: [TrialResult]) -> [String] {
    Footnotes(results, isComplete: true).notes.filter { !$0.hasPrefix("0 violations") }
  }

  private func looked(_ strategy: String, workers: Int = 8, met: Int64, lost: Int64 = 0) -> TrialResult {
    var trial = SampleTrials.trial(strategy, workers: workers, lost: lost, expectation: lost > 0 ? .violation : .pass)
    trial.encounters = Encounters(moments: 100, looks: 800, met: met)
    return trial
  }

  @Test("few operations met: what passed there is named, or the load where all of it is concerned")
  func fewEncounters() {
    let remedy = "fewer keys (workload.keys), more workers or a longer workload.hold let them meet"
    #expect(notes([looked("a", met: 400), looked("b", met: 0, lost: 1)]) == [])
    #expect(
      notes([looked("a", met: 400), looked("b", met: 4)]) == [
        "few operations met another, so 0 violations mean little (b, 8 workers: 0.50 %): \(remedy)"
      ])
    #expect(
      notes([
        looked("a", workers: 1, met: 0), looked("b", workers: 1, met: 0), looked("c", workers: 1, met: 0, lost: 1),
        looked("a", met: 400), looked("b", met: 400),
      ]) == ["few operations met another, so 0 violations mean little (1 worker: none seen): \(remedy)"])
  }

  @Test("the harness at its limit, with the share that its threads waited for a CPU where it is worth a word")
  func harness() {
    func busy(_ computing: Double, _ ready: Double) -> TrialResult {
      var trial = SampleTrials.trial("a")
      trial.threads = 1
      trial.conditions.servers = ["redis"]
      trial.machine.threads = WorkerThreads(
        computingRatio: computing, readyRatio: ready, involuntarySwitchesPerSecond: 1_234, processors: 2)
      return trial
    }
    let start = "harness at its limit, worker threads had work all the time and servers waited for them (a, 8 workers: "
    let end = "): add threads (load.threads) or processes, and leave them a CPU"
    #expect(notes([busy(0.5, 0.2)]) == [])
    #expect(notes([busy(0.98, 0.01)]) == [start + "computing 98 %" + end])
    #expect(
      notes([busy(0.6, 0.38)]) == [
        start + "computing 60 %, waiting for a CPU 38 % with 1,234 involuntary switches/s" + end
      ])
  }

  @Test("a strategy near a null operation")
  func nullOperation() {
    let floor = SampleTrials.trial("floor.memory", committed: 15_000)
    #expect(
      notes([SampleTrials.trial("a"), floor]) == [
        "harness is most of what was measured, a null operation takes nearly as long (a, 8 workers: 67 % of the rate of "
          + "floor.memory): compare such strategies by their correctness, not by their speed"
      ])
    #expect(notes([SampleTrials.trial("a", committed: 5_000), floor]) == [])
  }

  @Test("goodput that moves, with the greatest movement and how many repetitions show it")
  func moving() {
    func trial(_ repetition: Int, _ step: Int64) -> TrialResult {
      var trial = SampleTrials.trial("a", repetition: repetition)
      trial.parts = (0..<50).map { 10_000 - $0 * step }
      return trial
    }
    #expect(notes([trial(1, 0), trial(2, 10)]) == [])
    #expect(
      notes([trial(1, 0), trial(2, 60), trial(3, 100)]) == [
        "not stationary, goodput moved from the beginning of the window to its end (a, 8 workers: fell by 65 % at most, in "
          + "2 of 3): its median depends on load.duration; measure longer, or let it warm up longer (load.warmup)"
      ])
  }

  @Test("the summary as JSON says the same")
  func json() throws {
    var moving = looked("a", met: 4)
    moving.parts = (0..<50).map { 10_000 - $0 * 100 }
    let data = Data(
      jsonSummary(of: [moving, looked("b", met: 400), SampleTrials.trial("floor.memory", committed: 15_000)]).utf8)
    let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let cells = try #require(document["cells"] as? [[String: Any]])
    #expect(cells.map { $0["met_ratio"] as? Double } == [0.005, 0.5, nil])
    #expect(cells.map { $0["too_few_met"] as? Bool } == [true, false, false])
    #expect(cells.map { $0["moving_trials"] as? Int } == [1, 0, 0])
    #expect(cells.map { $0["harness_bounds"] as? [String] } == [["null-operation"], ["null-operation"], []])
  }
}
