import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

/// A scheduled job on four pods, with and without a guard.
@Suite(.serialized) struct JobTests {
  private func trial(
    _ strategy: String, period: Duration = .milliseconds(150), skew: Duration = .milliseconds(2),
    work: Duration = .milliseconds(40), traffic: Int = 200, operations: Int = 24, _ options: [String: OptionValue] = [:]
  ) -> EngineTrial {
    JobTrial(period: period, skew: skew, work: work, traffic: traffic).of(strategy, operations: operations, options)
  }

  private func ticks(_ result: TrialResult) throws -> CheckResult { try JobTrial.ticks(result) }

  private func finds(_ result: TrialResult) throws -> Set<Violation.Kind> {
    Set(try ticks(result).violations.map(\.kind))
  }

  @Test("without a guard every pod runs every tick")
  func unguarded() throws {
    let result = try trial("postgres.purge").run()
    #expect(result.grade == .required && result.verdict == .violation)
    #expect(try ticks(result).violations.contains { $0.kind == .concurrentRun }, "\(result.checks)")
    // Who ran when, in the time of the window.
    #expect(result.turns.count == Int(result.total[.committed]) && Set(result.turns.map(\.worker)).count == 4)
    #expect(
      result.turns.allSatisfy { turn in
        turn.ending == .done && turn.tick != nil && turn.beganSecond > -1
          && turn.endedSecond.map { $0 - turn.beganSecond > 0.03 } == true
      }, "\(result.turns)")
  }

  @Test(
    "without a guard, the others fail where they may not see what has changed",
    arguments: ["repeatable-read", "serializable"])
  func serializationFailures(level: String) throws {
    let result = try trial("postgres.purge", ["isolation": .word(level)]).run()
    #expect(result.total[.conflict] > 0 && result.total[.gaveUp] == result.total[.conflict])
  }

  @Test(
    "a guard lets one pod run each tick, and the others leave it alone",
    arguments: [
      "postgres.advisory-lock", "postgres.lock-row", "postgres.insert-on-conflict", "redis.lock", "etcd.lock",
      "zookeeper.lock",
    ].filter { StrategyCatalog.descriptor(named: $0) != nil })
  func guarded(lock: String) throws {
    // A pod that wakes after the work has ended runs the tick again, which a busy machine can make of it.
    let result = try repeated(atMost: 3, until: { $0.verdict == .pass }) {
      try trial(
        "\(lock) over postgres.purge", period: .milliseconds(250), work: .milliseconds(80), operations: 16,
        ["timeout": .duration(.milliseconds(1))]
      ).run()
    }
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.committed] > 2 && result.total[.refused] > 2, "\(result.total)")
    #expect(try result.total[.committed] == ticks(result).examined)
  }

  @Test(
    "a guard that names the tick lets one pod run it, at every isolation level, and nobody fails",
    arguments: [
      ("postgres.tick-row", "repeatable-read", "with-work"), ("postgres.tick-row", "read-committed", "before"),
      ("postgres.job-row", "serializable", nil),
    ])
  func named(strategy: String, level: String, claim: String?) throws {
    // Pods that wake late find the tick taken, however short the work was.
    let trial = trial(
      strategy, period: .milliseconds(100), skew: .milliseconds(30), work: .milliseconds(10), traffic: 0,
      operations: 20,
      ["isolation": .word(level)].merging(claim.map { ["claim": .word($0)] } ?? [:]) { first, _ in first })
    let result = try trial.run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.committed] > 2 && result.total[.refused] > 2, "\(result.total)")
    #expect(result.total[.gaveUp] == 0 && result.total[.conflict] == 0)
    #expect(try result.total[.committed] == ticks(result).examined)
  }

  @Test(
    "a lock that is given back before the last pod has woken lets it run the tick again",
    arguments: ["redis.lock", "postgres.shedlock"])
  func skewed(lock: String) throws {
    let options = lock == "redis.lock" ? ["timeout": OptionValue.duration(.milliseconds(1))] : [:]
    let result = try trial(
      "\(lock) over postgres.purge", skew: .milliseconds(90), work: .zero, operations: 16, options
    ).run()
    #expect(try finds(result).contains(.repeatedRun), "\(result.checks)")
  }

  @Test(
    "one that is kept for longer than the clocks differ does not", arguments: ["redis.shedlock", "postgres.shedlock"])
  func keptAtLeast(lock: String) throws {
    let result = try repeated(atMost: 3, until: { $0.verdict == .pass }) {
      try trial(
        "\(lock) over postgres.purge", period: .milliseconds(400), skew: .milliseconds(100), work: .zero, operations: 8,
        ["lock-at-least-for": .duration(.milliseconds(300))]
      ).run()
    }
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.committed] > 0 && result.total[.refused] > 0)
  }

  @Test("a lease that is shorter than the work lets the next pod run the same tick beside")
  func shortLease() throws {
    let result = try trial(
      "redis.shedlock over postgres.purge", period: .milliseconds(400), skew: .milliseconds(150),
      work: .milliseconds(200), operations: 12, ["lock-at-most-for": .duration(.milliseconds(10))]
    ).run()
    #expect(try finds(result).contains(.concurrentRun), "\(result.checks)")
  }

  @Test(
    "and lets others run the next tick beside, which is no fault of a guard that promises no more than single ticks")
  func overrun() throws {
    let locked = try trial(
      "postgres.shedlock over postgres.purge", period: .milliseconds(100), work: .milliseconds(250), operations: 12,
      ["lock-at-most-for": .duration(.milliseconds(30))]
    ).run()
    #expect(try finds(locked).contains(.overlappingRuns), "\(locked.checks)")
    let named = try trial(
      "postgres.tick-row", period: .milliseconds(100), work: .milliseconds(250), operations: 12,
      ["claim": .word("before")]
    ).run()
    #expect(named.verdict == .pass)
    #expect(try ticks(named).allowed.contains { $0.kind == .overlappingRuns }, "\(named.checks)")
  }

  @Test("a lock under the hash of a name is shared by all names with that hash")
  func namesCollide() throws {
    func missed(_ other: String) throws -> Int64 {
      let result = try repeated(atMost: 3, until: { $0.verdict == .pass }) {
        try trial(
          "postgres.job-lock", period: .milliseconds(200), work: .milliseconds(80), traffic: 0,
          ["other-job": .word(other)]
        ).run()
      }
      #expect(result.verdict == .pass, "\(result.checks)")
      return try ticks(result).allowed.first { $0.kind == .missedTick }?.count ?? 0
    }
    // Every second tick of six.
    #expect(try missed("same-hash") >= 2)
    #expect(try missed("other-hash") == 0)
  }

  @Test("a purge in batches goes on until nothing old is left")
  func batches() throws {
    let trial = JobTrial(traffic: 0, workers: 1).of("postgres.purge", operations: 1, ["batch": .integer(50)])
    // A thousand rows are old.
    #expect(try trial.run().total[.serverCommits] > 20)
  }
}
