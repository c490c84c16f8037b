import Model
import Testing

@Suite struct RunConclusionTests {
  @Test("repetitions merge: counts add up, the goodput is the median of those that ran")
  func merging() throws {
    var trials = [100, 400, 200, 300].enumerated().map { trial(committed: $0.element, repetition: $0.offset + 1) }
    trials[1].failure = "a worker process died"
    trials.append(trial("b", committed: 7, repetition: 1))
    let cells = CellSummary.summaries(of: trials.reversed())
    #expect(cells.map(\.cell.strategy) == ["b", "a"])
    let cell = try #require(cells.last)
    #expect(cell.trials.map(\.repetition) == [1, 2, 3, 4])
    #expect(cell.goodputPerSecond == 100)  // the median of 50, 100 and 150
    #expect(cell.measured[.committed] == 1000)
    #expect(cell.counted[.committed] == 1004)
    #expect(cell.verdict == .unknown)
    #expect(cells.first?.goodputPerSecond == 3.5)
  }

  @Test(
    "an unexpected verdict weighs more than an unknown one, and that more than all others",
    arguments: [
      ([(.pass, .pass), (.violation, .violation), (.any, .violation)], .held),
      ([(.pass, .pass), (.pass, .unknown)], .inconclusive),
      ([(.pass, .unknown), (.pass, .violation)], .violated),
      ([(.pass, .unknown), (.violation, .pass)], .violated),
      ([], .inconclusive),
    ] as [([(Model.Expectation, Verdict)], RunConclusion)])
  func conclusion(_ cells: [(Model.Expectation, Verdict)], _ conclusion: RunConclusion) {
    let trials = cells.enumerated().map { index, cell in
      trial("cell \(index)", committed: 1, expectation: cell.0, verdict: cell.1)
    }
    #expect(RunConclusion(CellSummary.summaries(of: trials)) == conclusion)
  }

  @Test("of a trial that was measured again the last figures stand, and every finding")
  func measuredAgain() throws {
    var trials = [
      trial(committed: 100, repetition: 1, verdict: .violation), trial(committed: 300, repetition: 1),
      trial(committed: 500, repetition: 2),
    ]
    trials[1].measurement = 2
    let cell = try #require(CellSummary.summaries(of: trials).first)
    #expect(cell.trials.map(\.measured[.committed]) == [300, 500])
    #expect(cell.measured[.committed] == 800)
    #expect(cell.goodputPerSecond == 200)
    #expect(cell.measurements.count == 3)
    #expect(cell.verdict == .violation && cell.violationCount == 1)
    #expect(cell.examinedCount == 900)
    #expect(trials.replacedCount == 1 && trials.standing.count == 2)
  }

  @Test("a control that broke an invariant in one repetition has done its work")
  func controlInOneRepetition() {
    let trials = [Verdict.pass, .violation, .unknown].enumerated().map {
      trial(committed: 1, repetition: $0.offset + 1, expectation: .violation, verdict: $0.element)
    }
    #expect(RunConclusion(CellSummary.summaries(of: trials)) == .held)
  }

  private func trial(
    _ strategy: String = "a", committed: Int64, repetition: Int = 1, expectation: Model.Expectation = .pass,
    verdict: Verdict = .pass
  ) -> TrialResult {
    var trial = TrialResult(
      cell: Cell(strategy: strategy, workers: 2), strategyID: strategy, store: "memory", processes: 1, threads: 2,
      repetition: repetition, position: repetition, seed: 1, grade: .forbidden, expectation: expectation)
    trial.measuredSeconds = 2
    var measured = Tally()
    measured[.committed] = committed
    var drained = Tally()
    drained[.committed] = 1
    trial.tallies = [.warmUp: measured, .measured: measured, .drained: drained]
    let finding = Violation(kind: .lostUpdate, key: 0, expected: "2", observed: "1", count: 1, evidence: "")
    trial.checks = [
      CheckResult(
        checker: "ledger", examined: committed, violations: verdict == .violation ? [finding] : [],
        unknown: verdict == .unknown ? "the state could not be read" : nil)
    ]
    return trial
  }
}
