import Engine
import Model
import Testing

/// Several variants in one run: each trial has the workload, the load and the retry policy of its own.
@Suite(.serialized) struct SweepTests {
  /// A stock that sells out, in two sizes.
  private func scenario(_ strategies: [String]) throws -> Scenario {
    var scenario = try TestRun.scenario("stock", strategies: strategies, workers: 3) {
      $0.load.duration = nil
      $0.load.warmup = .zero
    }
    scenario.variants = [(keys: 1, operations: 100), (keys: 4, operations: 200)].map { keys, operations in
      var variant = scenario.variants[0]
      variant.name = "keys=\(keys), operations=\(operations)"
      variant.workload.keys = keys
      variant.workload.options = Options([], stated: ["initial": .integer(20), "amount": .integer(1)])
      variant.workload.hold = .microseconds(keys)
      variant.load.operations = operations
      return variant
    }
    return scenario
  }

  @Test(arguments: [["memory.mutex", "memory.cas"], ["postgres.for-update", "postgres.optimistic"]])
  func eachVariantRunsItsOwnWorkload(strategies: [String]) throws {
    let results = try TestRun.run(scenario(strategies))
    #expect(results.count == 4)
    for result in results {
      let isSmall = result.cell.variant == "keys=1, operations=100"
      #expect(isSmall || result.cell.variant == "keys=4, operations=200")
      #expect(result.failure == nil)
      #expect(result.verdict == .pass)
      #expect(result.conditions.keys == (isSmall ? 1 : 4))
      #expect(result.conditions.hold == .microseconds(isSmall ? 1 : 4))
      #expect(result.total.outcomes == (isSmall ? 100 : 200))
      #expect(result.total[.committed] == (isSmall ? 20 : 80))
      #expect(result.total[.refused] == (isSmall ? 80 : 120))
    }
    #expect(Set(results.map(\.cell)).count == 4)
  }

  @Test func retryPoliciesDifferAndThatOfAStrategyGoesFirst() throws {
    var scenario = try TestRun.scenario("counter", strategies: ["memory.cas", "memory.cas"], workers: 8) {
      $0.workload.hold = .microseconds(50)
      $0.load.duration = nil
      $0.load.warmup = .zero
      $0.load.operations = 400
    }
    scenario.strategies[1].label = "patient"
    scenario.strategies[1].retry = .immediate
    let unlimited = scenario.variants[0]
    var single = unlimited
    (scenario.variants[0].name, single.name, single.retry.attempts) = ("attempts=none", "attempts=1", 1)
    scenario.variants.append(single)
    for result in try TestRun.run(scenario) {
      let mayGiveUp = result.cell.variant == "attempts=1" && result.cell.strategy == "memory.cas"
      #expect((result.total[.gaveUp] > 0) == mayGiveUp, "\(result.cell)")
      #expect(result.total[.committed] + result.total[.gaveUp] == 400)
    }
  }
}
