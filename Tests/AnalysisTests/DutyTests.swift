import Analysis
import Model
import Testing

/// Which guard for a scheduled job, which election.
struct DutyTests {
  /// A run of a job: ticks run and missed, and faults with the seconds until somebody else went on.
  private func run(
    _ id: String, done: Int64 = 18, missed: Int64 = 0, statements: Int64 = 100, fault: String? = nil,
    takeovers: [Double?] = [], violations: Int64 = 0
  ) -> TrialResult {
    var trial = Sample.cell(id, rates: [2], violations: violations)[0]
    trial.conditions.workload = "job"
    var tally = trial.tallies[.measured] ?? Tally()
    tally[.statements] = statements
    trial.tallies[.measured] = tally
    let allowed = missed > 0 ? [AllowedAnomaly(.missedTick, count: missed)] : []
    trial.checks.append(CheckResult(checker: "ticks", examined: done, violations: [], allowed: allowed))
    trial.faults = takeovers.map { seconds in
      var record = FaultRecord(
        fault: 0, kind: fault ?? "", summary: fault == "kill-worker" ? "kill the process of a holder" : "pause it",
        requestedSecond: 1)
      record.injectedSecond = 1
      record.takeoverSeconds = seconds
      return record
    }
    return trial
  }

  private func advice(_ runs: [[TrialResult]]) -> DutyAdvice {
    DutyAdvice(
      runs.enumerated().map { MeasuredRun(name: "run \($0)", trials: $1) }, for: .job, lookup: Sample.lookup)
  }

  @Test func `fewest missed ticks first, then the shortest take-over`() {
    let advice = advice([
      [
        run("postgres.optimistic", missed: 2, fault: "kill-worker", takeovers: [0.5, 0.4, 0.6]),
        run("memory.mutex", fault: "kill-worker", takeovers: [2, nil]),
        run("postgres.for-update", fault: "kill-worker", takeovers: [1]),
      ]
    ])
    #expect(advice.candidates.map(\.strategy) == ["postgres.for-update", "memory.mutex", "postgres.optimistic"])
    #expect(advice.headline == "Use postgres.for-update.")
    let worst = advice.candidates[2]
    #expect(worst.missedTicks == 2 && worst.ticks == 20 && worst.missedShare == 0.1)
    #expect(worst.takeoverAfterDeath == 0.5 && worst.takeoverAfterPause == nil && worst.withoutTakeover == 0)
    #expect(advice.candidates[1].withoutTakeover == 1)
    #expect(worst.statementsPerSecond == 10)
  }

  @Test func `what broke in any run, and what was not tried as others were, is left out`() {
    let advice = advice([
      [run("postgres.optimistic"), run("memory.mutex"), run("postgres.for-update"), run("postgres.none")],
      [
        run("postgres.optimistic", fault: "kill-worker", takeovers: [1], violations: 1),
        run("memory.mutex", fault: "kill-worker", takeovers: [1]),
        run("postgres.none", fault: "kill-worker", takeovers: [1]),
      ],
    ])
    #expect(advice.candidates.map(\.strategy) == ["memory.mutex"])
    let reasons = Dictionary(uniqueKeysWithValues: advice.excluded.map { ($0.record.strategy, $0.reason) })
    #expect(reasons["postgres.optimistic"] == "lost-update (kill the process of a holder)")
    #expect(reasons["postgres.for-update"] == "it was not tried under kill-holder")
    #expect(reasons["postgres.none"] == "it protects nothing and is there for comparison")
  }

  @Test func `runs of anything else are no answer`() {
    let advice = DutyAdvice(
      [MeasuredRun(name: "shop", trials: Sample.cell("memory.mutex", rates: [2]))], for: .election,
      lookup: Sample.lookup)
    #expect(!advice.hasRuns && advice.nothingReason.contains("no run of the election of a leader"))
  }

  @Test func `the text fits its width`() {
    let advice = advice([[run("postgres.optimistic", missed: 2, fault: "pause-worker", takeovers: [0.5])]])
    for width in [40, 80] {
      #expect(advice.text(width: width).split(separator: "\n").allSatisfy { $0.count <= max(76, width) })
    }
    #expect(advice.text(width: 80).contains("500 ms"))
    #expect(advice.json().contains("\"strategy\": \"postgres.optimistic\""))
  }
}
