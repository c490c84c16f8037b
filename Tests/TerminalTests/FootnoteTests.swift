import Model
import Testing
import Words

/// Notes below the table: each appears when it applies, and only then.
struct FootnoteTests {
  private func notes(_ results: [TrialResult], isComplete: Bool = true) -> [String] {
    Footnotes(results, isComplete: isComplete).notes
  }

  @Test("the power of a zero is that of the weakest pass")
  func power() {
    let results = [
      SampleTrials.trial("a", examined: 12_000), SampleTrials.trial("b", examined: 5_000, lost: 1, expectation: .any),
      SampleTrials.trial("c", examined: 90_000),
    ]
    #expect(
      notes(results) == [
        "0 violations in at least 12,000 operations each: true rate below 3/12,000 with 95 % confidence"
      ])
    #expect(
      notes([SampleTrials.trial("a", examined: 2)]) == [
        "0 violations in at least 2 operations each: too few to say anything about the true rate"
      ])
    #expect(notes([SampleTrials.trial("b", lost: 1, expectation: .violation)]) == [])
  }

  @Test("anomalies that the promised isolation allows are named, summed over the repetitions")
  func allowedAnomalies() {
    let results = (1...2).map { repetition in
      var trial = SampleTrials.trial("a", repetition: repetition, examined: 3_000)
      trial.checks.append(
        CheckResult(
          checker: "list-append", examined: 3_000,
          allowed: [AllowedAnomaly(.g2Item, count: 4), AllowedAnomaly(.gSingle, count: 600)]))
      return trial
    }
    #expect(
      notes(results).contains(
        "allowed (a, 8 workers): G-single 1,200, G2-item 8: anomalies that the isolation it promises does not forbid"))
  }

  @Test("the worst disturbance is named, with the count of disturbed trials")
  func disturbances() throws {
    var results = (1...3).map { SampleTrials.trial("a", repetition: $0) }
    results[0].machine.foreignRatio = 0.2
    results[0].machine.disturbances = ["mild"]
    results[2].machine.stealRatio = 0.5
    results[2].machine.disturbances = ["severe", "and more"]
    let note = try #require(notes(results).first { $0.hasPrefix("disturbed") })
    #expect(
      note == "disturbed: 2 of 3 trials, distrust their figures (a, 8 workers: 2 of 3); worst: severe, and more "
        + "(a, 8 workers, repetition 3)")
  }

  @Test("trials measured again are counted, and the disturbance of their first measurement is not")
  func measuredAgain() {
    var results = [SampleTrials.trial("a"), SampleTrials.trial("a"), SampleTrials.trial("a", repetition: 2)]
    results[0].machine.disturbances = ["mild"]
    results[1].measurement = 2
    let notes = notes(results).filter { !$0.hasPrefix("0 violations") }
    #expect(
      notes == [
        "measured again because others used the machine: 1 of 2 trials; the last measurement stands, earlier ones still "
          + "count for correctness"
      ])
  }

  @Test("a lock that nobody alive holds and nobody gets is named, with the longest time")
  func abandonedLocks() throws {
    func trial(_ repetition: Int, _ locks: Int64, record: Int? = nil, seconds: Double? = nil) -> TrialResult {
      var fault = FaultRecord(fault: 0, kind: "kill-worker", summary: "kill it", requestedSecond: 1)
      fault.injectedSecond = 1
      (fault.abandonedLocks, fault.abandonedRecord, fault.abandonedSeconds) = (locks, record, seconds)
      var trial = SampleTrials.trial("a", repetition: repetition)
      trial.faults = [fault]
      return trial
    }
    #expect(!notes([trial(1, 0)]).contains { $0.hasPrefix("abandoned") })
    let one = try #require(notes([trial(1, 1, record: 3, seconds: 0.75)]).first { $0.hasPrefix("abandoned") })
    #expect(one.hasSuffix("the lock of record 3 was held by nobody alive, and nobody got it for the last 750 ms"))
    let several = [trial(1, 2, record: 3, seconds: 0.75), trial(2, 1, record: 4, seconds: 2.1)]
    let all = try #require(notes(several).first { $0.hasPrefix("abandoned") })
    #expect(all.contains("record 4") && all.hasSuffix("for the last 2.10 s; 3 locks in all"))
  }

  @Test("operations that failed come with the first error")
  func failedOperations() {
    var trial = SampleTrials.adding([.failed: 1500], to: SampleTrials.trial("a"))
    trial.firstError = "ERROR: relation is missing"
    #expect(
      notes([trial]).contains("failed operations (a, 8 workers): 1,500; first error: ERROR: relation is missing"))
  }

  @Test("an error that a retry overcame is told, too")
  func overcomeErrors() {
    var trial = SampleTrials.trial("a")
    trial.firstError = "PostgreSQL ended a session"
    #expect(notes([trial]).contains("first error (a, 8 workers): PostgreSQL ended a session"))
  }

  @Test("late writes are told apart from those that the store took")
  func lateWrites() {
    let refused = SampleTrials.adding([.staleEffectsAttempted: 3], to: SampleTrials.trial("a"))
    #expect(notes([refused]).contains("late writes, of holders that had lost the lock: a, 8 workers: 3"))
    #expect(!notes([refused]).contains { $0.contains("store took") })
    let taken = SampleTrials.adding([.staleEffectsAccepted: 2], to: refused, phase: .drained)
    #expect(notes([taken]).contains("late writes that the store took: a, 8 workers: 2"))
  }

  @Test("overlaps count in every phase")
  func overlaps() {
    let warm = SampleTrials.adding([.overlaps: 2], to: SampleTrials.trial("a"), phase: .warmUp)
    let both = SampleTrials.adding([.overlaps: 5], to: warm)
    #expect(notes([both]).contains("two holders at once, critical sections that overlapped: a, 8 workers: 7"))
  }

  @Test("the exit code is announced when it is not 0 and follows from the cells")
  func exitCode() {
    var died = SampleTrials.trial("a")
    died.failure = "gone"
    #expect(
      notes([died]) == [
        "trial failed (a, 8 workers, repetition 1): gone", "exit code 3: for at least one cell it cannot be told",
      ])
    let broken = SampleTrials.trial("b", lost: 4)
    let missed = "expectation not met (b, 8 workers): no violation was expected, 4 found"
    #expect(notes([broken]) == [missed, "exit code 2: an expectation was not met"])
    #expect(notes([broken], isComplete: false) == [missed])
    let unmet = SampleTrials.trial("c", expectation: .violation)
    #expect(
      notes([unmet]).suffix(2) == [
        "expectation not met (c, 8 workers): a violation was expected and none was found",
        "exit code 2: an expectation was not met",
      ])
  }

  @Test("a long list is cut and says by how much")
  func longLists() {
    let results = (1...9).map { number -> TrialResult in
      var trial = SampleTrials.trial("a", repetition: number, committed: 10)
      trial.failure = "gone"
      return trial
    }
    let failed = notes(results)
    #expect(failed.filter { $0.hasPrefix("trial failed") }.count == 6)
    #expect(failed.contains("3 more failed trials"))
  }
}
