import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

/// A scheduled job on four pods, with and without a guard.
@Suite(.serialized) struct JobTests {
  private func trial(
    _ strategy: String, skew: Duration = .milliseconds(2), work: Duration = .milliseconds(40),
    _ options: [String: OptionValue] = [:]
  ) -> EngineTrial {
    var trial = EngineTrial(
      strategy, "job", ["period": .duration(.milliseconds(150)), "skew": .duration(skew), "work": .duration(work)],
      workers: 4, processes: 4, operations: 24)
    trial.options = options
    return trial
  }

  private func ticks(_ result: TrialResult) throws -> CheckResult {
    try #require(result.checks.first { $0.checker == "ticks" })
  }

  @Test("without a guard every pod runs every tick")
  func unguarded() throws {
    let result = try trial("postgres.purge").run()
    #expect(result.grade == .required && result.verdict == .violation)
    #expect(try ticks(result).violations.contains { $0.kind == .concurrentRun }, "\(result.checks)")
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
    let result = try trial("\(lock) over postgres.purge", ["timeout": .duration(.milliseconds(1))]).run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.committed] > 2 && result.total[.refused] > 2, "\(result.total)")
    #expect(try result.total[.committed] == ticks(result).examined)
  }

  @Test("a lock that is given back before the last pod has woken lets it run the tick again")
  func skewed() throws {
    let result = try trial(
      "redis.lock over postgres.purge", skew: .milliseconds(90), work: .zero, ["timeout": .duration(.milliseconds(1))]
    ).run()
    #expect(try ticks(result).violations.contains { $0.kind == .repeatedRun }, "\(result.checks)")
  }
}
