import Model
import Testing

/// When a trial is said not to be stationary.
struct TrendTests {
  /// Goodput in so many parts of a window: noise of 8 %, in which neighbours resemble each other, and a change.
  private static func parts(_ count: Int, resemblance: Double, change: Double, _ random: inout RandomSource) -> [Int64]
  {
    func noise() -> Double { (0..<12).reduce(-6) { sum, _ in sum + random.fraction() } }
    var state = noise()
    return (0..<count).map { index in
      state = resemblance * state + (1 - resemblance * resemblance).squareRoot() * noise()
      return Int64(10_000 * (1 + 0.08 * state + change * Double(index) / Double(count - 1)))
    }
  }

  private static func trial(_ parts: [Int64]) -> TrialResult {
    var trial = SampleTrial.passing("postgres.for-update")
    trial.parts = parts
    return trial
  }

  /// How many of 400 windows are said to move.
  private static func confirmed(_ count: Int, resemblance: Double, change: Double) -> Int {
    var random = RandomSource(seed: UInt64(count) + UInt64(resemblance * 100))
    return (0..<400).count { _ in
      trial(parts(count, resemblance: resemblance, change: change, &random)).trend?.isConfirmed(among: 1) ?? false
    }
  }

  @Test("a stationary window is said to move in at most 5 of 100 cases", arguments: [10, 20, 50], [0, 0.3, 0.5, 0.7])
  func falseAlarms(count: Int, resemblance: Double) {
    #expect(Self.confirmed(count, resemblance: resemblance, change: 0) <= 20)
  }

  @Test("one that loses a third is found out", arguments: [20, 50])
  func power(count: Int) {
    #expect(Self.confirmed(count, resemblance: 0, change: -0.33) >= 320)
  }

  @Test("a movement is measured, and a small one is none however certain")
  func size() throws {
    let falling = try #require(Self.trial((0..<50).map { 10_000 - $0 * 100 }).trend)
    #expect(abs(falling.change + 0.65) < 0.01 && falling.isConfirmed(among: 100))
    let creeping = try #require(Self.trial((0..<50).map { 10_000 - $0 * 10 }).trend)
    #expect(creeping.probability < 1e-6 && !creeping.isConfirmed(among: 1))
    // The more trials there are, the more would move by chance.
    let perhaps = Trend(change: 0.3, probability: 0.005)
    #expect(perhaps.isConfirmed(among: 5) && !perhaps.isConfirmed(among: 20))
  }

  @Test("what is meant to move, or moved by others, is no news")
  func exceptions() {
    let parts = (0..<50).map { Int64(10_000 - $0 * 100) }
    func trend(_ change: (inout TrialResult) -> Void) -> Trend? {
      var trial = Self.trial(parts)
      change(&trial)
      return trial.trend
    }
    #expect(trend { _ in } != nil)
    #expect(trend { $0.faults = [FaultRecord(fault: 0, kind: "pause-worker", summary: "", requestedSecond: 1)] } == nil)
    #expect(trend { $0.usedUpAfterSeconds = 1 } == nil)
    #expect(trend { $0.machine.disturbances = ["others"] } == nil)
    #expect(trend { $0.failure = "died" } == nil)
    #expect(trend { $0.parts = [] } == nil)
    #expect(trend { $0.parts = Array(repeating: 0, count: 50) } == nil)
  }
}

/// A trial that says nothing yet.
enum SampleTrial {
  static func passing(_ strategy: String, workers: Int = 8, repetition: Int = 1) -> TrialResult {
    var trial = TrialResult(
      cell: Cell(strategy: strategy, workers: workers), strategyID: strategy,
      store: String(strategy.split(separator: ".")[strategy.hasPrefix("floor.") ? 1 : 0]), processes: 1, threads: 1,
      repetition: repetition, position: repetition, seed: 1, grade: .forbidden, expectation: .pass)
    trial.measuredSeconds = 10
    trial.checks = [CheckResult(checker: "conservation", examined: 100)]
    var tally = Tally()
    for counter in [Counter.started, .committed, .attempts] { tally[counter] = 10_000 }
    trial.tallies[.measured] = tally
    return trial
  }
}
