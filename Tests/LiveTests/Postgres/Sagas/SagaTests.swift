import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

@testable import PostgresStrategies

/// Sagas over private databases, through the engine: what is lost, what is undone, and who goes on.
@Suite(.serialized) struct SagaTests {
  private func trial(
    _ strategy: String = "saga", _ kind: String = "transfer", keys: Int = 6, _ options: [String: OptionValue] = [:],
    shards: Int = 2, stated: [String: OptionValue] = [:]
  ) -> EngineTrial {
    var trial = EngineTrial("postgres-shards.\(strategy)", kind, keys: keys, options, operations: 240)
    trial.options = stated
    trial.adjust = {
      $0.workload.shards = shards
      $0.retry.cap = .milliseconds(20)
    }
    return trial
  }

  @Test(
    "nothing is lost and nothing is left, over two databases and three",
    arguments: [("transfer", 2), ("transfer", 3), ("stock", 2), ("stock", 3)])
  func nothingIsLost(kind: String, shards: Int) throws {
    var trial = trial("saga", kind, keys: 6, ["initial": .integer(10)], shards: shards)
    trial.processes = 2
    let result = try trial.run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.committed] > 20 && result.total[.refused] > 0)
    #expect(result.checks.contains { $0.checker == "sagas" && $0.examined > 20 })
    #expect(result.total[.unknown] == 0 && result.total[.compensations] == 0)
  }

  @Test("steps that are declined, compensations that fail and answers that come late", arguments: [false, true])
  func failures(semanticLock: Bool) throws {
    let stated: [String: OptionValue] = [
      "failure-rate": .number(0.3), "compensation-failures": .number(0.4), "late-replies": .number(0.5),
      "semantic-lock": .flag(semanticLock),
    ]
    let result = try trial("saga", "seats", keys: 6, ["span": .integer(3)], shards: 3, stated: stated).run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.compensations] > 0 && result.total[.retriedCompensations] > 0)
    #expect(result.total[.redeliveries] > 0)
    // Every answer that was late belongs to a compensation that had taken effect.
    #expect(result.total[.rejectedDuplicates] == result.total[.redeliveries])
    #expect(result.total[.refused] > 0 && result.total[.committed] > 0)
  }

  @Test("a step that comes after its compensation is refused", arguments: [false, true])
  func lateSteps(semanticLock: Bool) throws {
    let stated: [String: OptionValue] = [
      "slow-steps": .number(0.2), "slow-for": .duration(.milliseconds(40)),
      "step-timeout": .duration(.milliseconds(20)), "semantic-lock": .flag(semanticLock),
    ]
    let result = try trial("saga", "order", keys: 32, shards: 4, stated: stated).run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.redeliveries] > 0 && result.total[.compensations] > 0)
    #expect(result.total[.rejectedDuplicates] == result.total[.redeliveries])
    #expect(result.total[.notAcquired] >= result.total[.redeliveries] && result.total[.committed] > 0)
  }

  @Test("a step that is slow and in time is waited for")
  func slowSteps() throws {
    var slow = trial(
      "saga", "order", keys: 32, shards: 4,
      stated: ["slow-steps": .number(1), "slow-for": .duration(.milliseconds(5))])
    slow.operations = 80
    let result = try slow.run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.committed] == 80 && result.total[.redeliveries] + result.total[.compensations] == 0)
    // Each of the four services took that long.
    let steps = try #require(result.phases.stages.first)
    #expect(try #require(steps.value(atQuantile: 0.01)) >= 20_000_000)
  }

  @Test("without a tombstone, a step takes effect after its compensation", arguments: ["transfer", "order"])
  func withoutTombstones(kind: String) throws {
    let result = try trial("saga-without-tombstones", kind, keys: 32).run()
    #expect(result.grade == .required && result.verdict == .violation)
    #expect(result.violations.contains { $0.kind == .halfCompensated }, "\(result.checks)")
    #expect(result.violations.contains { $0.kind == (kind == "order" ? .mixedOutcome : .conservation) })
    #expect(result.total[.redeliveries] > result.total[.rejectedDuplicates])
  }

  @Test("who waits for pending records sees whole operations only", arguments: ["on-call", "profile"])
  func semanticLock(kind: String) throws {
    let options: [String: OptionValue] = kind == "profile" ? ["fields": .integer(4), "reads": .number(0.5)] : [:]
    var locked = trial("saga", kind, keys: 2, options, stated: ["semantic-lock": .flag(true)])
    locked.hold = .milliseconds(1)
    let result = try locked.run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.committed] > 2 && result.total[.polls] > 0)
    // The plain saga is seen half done: else the promise would mean nothing.
    let plain = try repeated(until: { (result: TrialResult) in Self.isSeenHalfDone(result, kind) }) {
      var plain = trial("saga", kind, keys: 2, options)
      plain.hold = .milliseconds(1)
      return try plain.run()
    }
    #expect(Self.isSeenHalfDone(plain, kind), "\(plain.checks)")
    if kind == "profile" { #expect(plain.total[.dirtyReads] > 0 && result.total[.dirtyReads] == 0) }
  }

  /// Torn reads are counted and allowed, for it promises none; two that look at each other's records are a violation.
  private static func isSeenHalfDone(_ result: TrialResult, _ kind: String) -> Bool {
    kind == "profile"
      ? result.checks.contains { $0.allowed.contains { $0.kind == .tornRead } }
      : result.violations.contains { $0.kind == .writeSkew }
  }

  @Test("a compensation that is not idempotent refunds twice")
  func notIdempotent() throws {
    let result = try trial("saga-not-idempotent").run()
    #expect(result.grade == .required && result.verdict == .violation)
    #expect(result.violations.contains { $0.kind == .conservation }, "\(result.checks)")
    #expect(result.violations.contains { $0.kind == .duplicateEffect }, "\(result.checks)")
  }

  @Test("a saga that forgets its partial failures loses money")
  func forgets() throws {
    let result = try trial("saga-forgets").run()
    #expect(result.grade == .required && result.verdict == .violation)
    #expect(result.violations.contains { $0.kind == .conservation }, "\(result.checks)")
    #expect(result.violations.contains { $0.kind == .halfCompensated }, "\(result.checks)")
  }

  @Test("a lock around a saga keeps its operations apart")
  func lockAndSaga() throws {
    var trial = EngineTrial(
      "redis.lock over postgres-shards.saga", "profile", keys: 2, ["fields": .integer(4), "reads": .number(0.5)],
      operations: 120)
    trial.hold = .milliseconds(1)
    let result = try trial.run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.checks.contains { $0.checker == "sagas" && $0.examined > 10 })
  }
}
