import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

extension EngineTests {
  /// Orders over four services with a database each.
  @Suite(.serialized) struct Orders {
    private static let refusals: [String: OptionValue] = [
      "declined": .number(0.2), "out-of-stock": .number(0.1), "carrier-down": .number(0.1),
    ]

    private func run(
      _ strategies: [String], workers: Int, options: [String: OptionValue] = refusals,
      adjust: (inout Variant) -> Void = { _ in }
    ) throws -> [TrialResult] {
      let scenario = try TestRun.scenario(
        "order", keys: 8, options: options, strategies: strategies.map { "postgres-shards." + $0 }, workers: workers
      ) {
        $0.workload.shards = 4
        $0.load.duration = nil
        $0.load.operations = 200
        $0.load.warmup = .zero
        adjust(&$0)
      }
      let results = try TestRun.run(scenario)
      for result in results {
        #expect(result.failure == nil && result.total.outcomes == 200, "\(result.strategyID)")
        #expect(result.total.openOperations == 0, "\(result.strategyID)")
      }
      return results
    }

    @Test("every strategy meets the same refusals, and none leaves an order half done")
    func sameRefusals() throws {
      let results = try run(["saga", "two-phase-commit", "none"], workers: 1)
      #expect(results.count == 3 && results.allSatisfy { $0.verdict == .pass })
      let refused = results.map { $0.total[.refused] }
      #expect(Set(refused).count == 1 && refused[0] > 20, "\(refused)")
      let saga = try #require(results.first { $0.strategyID == "postgres-shards.saga" })
      // A payment that was declined has an order to cancel, a carrier who takes nothing three services.
      #expect(saga.total[.compensations] > saga.total[.refused])
    }

    @Test("until something runs out, and never further")
    func runningOut() throws {
      for result in try run(["saga", "two-phase-commit"], workers: 6, options: ["initial": .integer(40)]) {
        #expect(result.verdict == .pass, "\(result.strategyID): \(result.checks)")
        // 40 buy eight orders on each of two accounts.
        #expect((8...16).contains(result.total[.committed]), "\(result.strategyID): \(result.total[.committed])")
      }
    }

    @Test("without protection orders are lost")
    func withoutProtection() throws {
      let result = try #require(try run(["none"], workers: 6) { $0.workload.hold = .milliseconds(1) }.first)
      #expect(result.verdict == .violation && result.violations.contains { $0.kind == .lostUpdate })
    }
  }
}
