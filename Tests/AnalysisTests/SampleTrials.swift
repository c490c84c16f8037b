import Analysis
import Model

/// Trials made up for the tests: what is not stated is unremarkable.
enum Sample {
  /// One trial of ten seconds for each rate, in the order of repetitions; every rate is exact.
  static func cell(
    _ id: String, label: String? = nil, store: String? = nil, workers: Int = 8, variant: String = "", keys: Int = 1,
    hold: Duration = .zero, processes: Int = 1, rates: [Int64], conflicts: Double = 0, latency: UInt64 = 1_000_000,
    violations: Int64 = 0, isUnknown: Bool = false
  ) -> [TrialResult] {
    rates.enumerated().map { index, rate in
      let grade: Grade = id.hasSuffix(".none") ? .required : .forbidden
      var trial = TrialResult(
        cell: Cell(strategy: label ?? id, workers: workers, variant: variant), strategyID: id,
        store: store ?? String(id.prefix { $0 != "." }), processes: processes, threads: workers,
        repetition: index + 1, position: index + 1, seed: 1, grade: grade,
        expectation: grade == .required ? .violation : .pass)
      trial.conditions.workload = "counter"
      trial.conditions.keys = keys
      trial.conditions.hold = hold
      trial.measuredSeconds = 10
      var tally = Tally()
      tally[.committed] = rate * 10
      tally[.attempts] = Int64((Double(rate) * 10 / (1 - conflicts)).rounded())
      tally[.conflict] = tally[.attempts] - tally[.committed]
      trial.tallies[.measured] = tally
      var counts = trial.latency.counts
      counts[trial.latency.layout.index(of: latency * UInt64(100 + index) / 100)] = UInt64(rate) * 10
      trial.latency = HistogramSnapshot(.latency, counts: counts)
      let finding = Violation(
        kind: .lostUpdate, key: 0, expected: "10", observed: "9", count: violations, evidence: "the final value")
      trial.checks = [
        CheckResult(
          checker: "conservation", examined: rate * 10, violations: violations > 0 ? [finding] : [],
          unknown: isUnknown ? "the final state could not be read" : nil)
      ]
      return trial
    }
  }

  /// Rates of six repetitions that differ by a few percent.
  static func six(_ rate: Int64) -> [Int64] { [100, 103, 98, 101, 99, 102].map { rate * $0 / 100 } }

  /// Marks trials as disturbed.
  static func disturbed(_ trials: [TrialResult], repetitions: Set<Int>) -> [TrialResult] {
    trials.map { trial in
      var trial = trial
      if repetitions.contains(trial.repetition) { trial.machine.disturbances = ["others used 40 % of the CPUs"] }
      return trial
    }
  }

  /// Strategies as the registries describe them.
  static let lookup: StrategyLookup = { id, store in descriptors[id].map { $0(store) } }

  private static let descriptors: [String: @Sendable (String) -> StrategyDescriptor] = [
    "postgres-shards.two-phase-commit": {
      StrategyDescriptor(
        id: "postgres-shards.two-phase-commit", summary: "", documentation: .sample, store: $0, scope: .network,
        threading: .perConnection)
    },
    "postgres-shards.saga": {
      StrategyDescriptor(
        id: "postgres-shards.saga", summary: "", documentation: .sample, store: $0, scope: .network,
        threading: .perConnection)
    },
    "postgres-shards.saga-streams": {
      StrategyDescriptor(
        id: "postgres-shards.saga-streams", summary: "", documentation: .sample, store: $0, scope: .network,
        threading: .perConnection)
    },
    "postgres.event-append": {
      StrategyDescriptor(
        id: "postgres.event-append", summary: "", documentation: .sample, store: $0, scope: .network,
        threading: .perConnection)
    },
    "memory.mutex": {
      StrategyDescriptor(
        id: "memory.mutex", summary: "", documentation: .sample, store: $0, stores: ["memory", "postgres", "redis"],
        scope: .process, threading: .perWorker, roundTripsUnderLock: $0 == "memory" ? 0 : 2)
    },
    "memory.cas": {
      StrategyDescriptor(
        id: "memory.cas", summary: "", documentation: .sample, store: $0, scope: .host, threading: .perWorker,
        applicability: .singleKey)
    },
    "postgres.for-update": {
      StrategyDescriptor(
        id: "postgres.for-update", summary: "", documentation: .sample, needs: ["postgres"], store: $0,
        scope: .network, threading: .perConnection, roundTripsUnderLock: 2)
    },
    "postgres.optimistic": {
      StrategyDescriptor(
        id: "postgres.optimistic", summary: "", documentation: .sample, needs: ["postgres"], store: $0,
        scope: .network, threading: .perConnection)
    },
    "postgres.atomic": {
      StrategyDescriptor(
        id: "postgres.atomic", summary: "", documentation: .sample, needs: ["postgres"], store: $0, scope: .network,
        threading: .perConnection)
    },
    "redis.lock": {
      StrategyDescriptor(
        id: "redis.lock", summary: "", documentation: .sample, needs: ["redis"], store: $0,
        stores: ["redis", "memory", "postgres"], scope: .network, threading: .shared, roundTripsUnderLock: 3)
    },
    "redis.lua": {
      StrategyDescriptor(
        id: "redis.lua", summary: "", documentation: .sample, needs: ["redis"], store: $0, scope: .network,
        threading: .shared)
    },
    "postgres.none": {
      StrategyDescriptor(
        id: "postgres.none", summary: "", documentation: .sample, needs: ["postgres"], store: $0, scope: .network,
        threading: .perConnection, grade: .required)
    },
  ]
}
