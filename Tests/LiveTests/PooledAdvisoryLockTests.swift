import Engine
import Model
import Runtime
import StrategyCatalog
import Testing

/// Advisory locks through a pooler that hands connections on from transaction to transaction.
@Suite(.serialized) struct PooledAdvisoryLockTests {
  private func run(
    scope: String, _ kind: String, keys: Int, _ options: [String: OptionValue] = [:]
  ) throws -> TrialResult {
    let id = "postgres.pooled-advisory-lock"
    var scenario = try TestRun.scenario(kind, keys: keys, options: options, strategies: [id], workers: 8) { variant in
      variant.load.processes = 2
      variant.load.duration = .milliseconds(800)
      variant.load.drain = .seconds(5)
      variant.workload.hold = .microseconds(200)
    }
    let descriptor = try #require(StrategyCatalog.entry(id: id, over: nil)?.descriptor)
    scenario.strategies[0].options = Options(descriptor.options, stated: ["scope": .word(scope)])
    let result = try #require(try TestRun.run(scenario).first)
    #expect(result.failure == nil && result.total.openAttempts == 0, "\(result.failure ?? "")")
    return result
  }

  @Test("a lock of the transaction keeps its promise, with statements that nobody prepared")
  func transaction() throws {
    for (kind, keys, options) in [
      ("counter", 1, [:]), ("transfer", 3, ["initial": .integer(10)]), ("seats", 6, ["span": .integer(2)]),
      ("profile", 2, ["fields": .integer(4), "reads": .number(0.5)]),
    ] as [(String, Int, [String: OptionValue])] {
      let result = try run(scope: "transaction", kind, keys: keys, options)
      #expect(result.verdict == .pass && result.firstError == nil, "\(kind): \(result.checks)")
      #expect(result.total[.committed] > 20 && result.total[.overlaps] == 0, "\(kind)")
    }
  }

  @Test("a lock of the session is lost to the next client, and stays behind")
  func session() throws {
    let result = try run(scope: "session", "counter", keys: 2)
    #expect(result.verdict == .violation && result.violations.contains { $0.kind == .lostUpdate }, "\(result.checks)")
    #expect(result.total[.overlaps] > 0 && result.total[.expiredHolds] > 0)
  }
}
