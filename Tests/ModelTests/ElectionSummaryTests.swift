import Model
import Testing

/// Terms of office, and what they followed.
struct ElectionSummaryTests {
  private func trial(
    stages: [String] = ["candidacy", "handover", "term"], candidacies: UInt64, handovers: UInt64, resignations: UInt64,
    takeovers: [Double?] = []
  ) -> TrialResult {
    var result = TrialResult(
      cell: Cell(strategy: "redis.lock", workers: 2), strategyID: "redis.lock", store: "postgres", processes: 1,
      threads: 2, repetition: 1, position: 1, seed: 1, grade: .forbidden, expectation: .pass)
    result.stageNames = stages
    for (stage, count) in [candidacies, handovers, resignations].enumerated() where count > 0 {
      result.phases.stages[stage].record(1000 * UInt64(stage + 1), times: count)
    }
    result.faults = takeovers.enumerated().map { fault, seconds in
      var record = FaultRecord(fault: fault, kind: "kill-worker", summary: "kill", requestedSecond: 1)
      record.injectedSecond = 1
      record.takeoverSeconds = seconds
      return record
    }
    return result
  }

  private func summary(_ trials: TrialResult...) -> ElectionSummary? {
    CellSummary.summaries(of: trials).first?.elections
  }

  @Test("a term follows the start, a fault or a resignation, or has no cause")
  func causes() throws {
    let elections = try #require(
      summary(trial(candidacies: 9, handovers: 8, resignations: 3, takeovers: [0.2, nil, 0.3])))
    #expect(elections.terms == 9 && elections.successions == 8)
    // The second fault hit nobody who led, or nobody followed.
    #expect(elections.givenBack == 3 && elections.lost == 2 && elections.withoutCause == 3)
    #expect(elections.longestHandover.map { (2000...2010).contains($0) } == true)
  }

  @Test("a leader that goes on after a pause is no succession, and nothing is below zero")
  func nobodyFollowed() throws {
    let elections = try #require(summary(trial(candidacies: 1, handovers: 0, resignations: 0, takeovers: [0.5])))
    #expect(elections.lost == 0 && elections.withoutCause == 0 && elections.handoverMedian == nil)
  }

  @Test("locks of single operations hold no elections, whatever their stages are called")
  func none() {
    #expect(summary(trial(candidacies: 0, handovers: 0, resignations: 0)) == nil)
    #expect(summary(trial(stages: ["prepare"], candidacies: 4, handovers: 0, resignations: 0)) == nil)
  }
}
