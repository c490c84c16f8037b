import Model
import Runtime
import Testing
import TrialSupport

@testable import RedisStrategies

extension RedisTests {
  /// At most three at once.
  @Suite struct SemaphoreTrials {
    private func trial(
      _ strategy: String, _ options: [String: OptionValue] = [:], operations: Int = 200,
      hold: Duration = .milliseconds(4)
    ) throws -> EngineTrial {
      var trial = EngineTrial(strategy, "counter", keys: 1, workers: 8, processes: 2, operations: operations)
      trial.options = options
      trial.hold = hold
      return trial
    }

    @Test("three at once, and never a fourth, and the server counts what we count", arguments: [1, 3])
    func limit(_ limit: Int) throws {
      let result = try trial("redis.semaphore", ["limit": .integer(limit)]).run()
      #expect(result.verdict == .pass && result.total[.committed] == 200, "\(result.checks)")
      #expect(result.checks.contains { $0.checker == "permits" && $0.examined == 200 }, "\(result.checks)")
      let agrees = result.crossChecks.allSatisfy(\.agrees)
      #expect(agrees && !result.crossChecks.isEmpty, "\(result.crossChecks)")
      #expect(result.total[.polls] > 0)
    }

    @Test("the widespread forms let more in", arguments: ["redis.semaphore-count-then-add", "redis.semaphore-rank"])
    func controls(strategy: String) throws {
      let result = try repeated(until: { $0.verdict == .violation }) { try trial(strategy).run() }
      #expect(result.violations.map(\.kind) == [.tooManyHolders], "\(result.checks)")
      let agrees = result.crossChecks.allSatisfy(\.agrees)
      #expect(agrees, "\(result.crossChecks)")
    }

    @Test("who works for longer than its permit lasts is told")
    func expired() throws {
      let result = try trial(
        "redis.semaphore", ["ttl": .duration(.milliseconds(10))], operations: 24, hold: .milliseconds(40)
      ).run()
      #expect(result.total[.expiredHolds] > 0)
    }
  }
}
