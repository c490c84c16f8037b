import Model
import Testing

@testable import Report

/// Latencies beside what people quote, on one machine and with servers farther away.
@Suite struct QuotedTests {
  private static let strategies = [
    ("memory.cas", "memory"), ("memory.mutex", "memory"), ("postgres.for-update", "postgres"), ("redis.lock", "redis"),
  ]

  @Sendable private static func lookup(_ id: String, _ store: String) -> StrategyDescriptor? {
    StrategyDescriptor(
      id: id, summary: "",
      documentation: Documentation(
        floor: "a strategy of the tests.", algorithm: "none.", guarantees: "nothing.", roundTrips: "0."),
      store: store, scope: id == "memory.mutex" ? .process : .network, threading: .shared)
  }

  private static func run(_ distances: [Duration]) -> String {
    var trials: [TrialResult] = []
    for distance in distances {
      for (index, (strategy, store)) in strategies.enumerated() {
        let variant = distances.count > 1 ? "rtt=\(distance / .microseconds(1) > 0 ? "1ms" : "0us")" : ""
        var trial = SampleRuns.trial(
          strategy, index: distance > .zero && store != "memory" ? 1 : 5 - index, workers: 8, repetition: 1,
          position: trials.count + 1, variant: variant)
        trial.store = store
        if store != "memory", distance > .zero { trial.conditions.distances[store] = Distance(roundTrip: distance) }
        trials.append(trial)
      }
    }
    let report = Report([SampleRuns.run(trials, scenario: "quoted")], lookup: lookup).markdown()
    guard let start = report.firstRange(of: "## Beside what people quote") else { return "" }
    let rest = report[start.upperBound...]
    return String(rest[..<(rest.firstRange(of: "\n## ")?.lowerBound ?? rest.endIndex)])
  }

  @Test func `a distance is a column, not a row`() {
    let text = Self.run([.zero, .milliseconds(1)])
    #expect(text.contains("| p50 is | p50, 1.00 ms away | p50 is, 1.00 ms away |"))
    for (strategy, _) in Self.strategies { #expect(text.split(separator: "| \(strategy) |").count == 2) }
    #expect(text.contains("The last columns were measured with servers so much farther away"))
    #expect(!text.contains("rtt="))
  }

  @Test func `without a second distance there is no column for it`() {
    for distances in [[Duration.zero], [.milliseconds(1)]] {
      let text = Self.run(distances)
      #expect(text.contains("| p50 is |") && !text.contains("away"))
    }
  }
}
