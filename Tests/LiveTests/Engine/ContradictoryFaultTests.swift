import Engine
import Model
import Runtime
import StrategyCatalog
import Testing

/// Faults that are possible one by one and not together, or not in the time that there is, are refused before anything
/// runs.
@Suite struct ContradictoryFaultTests {
  /// What is said about the faults of a window of a second with four worker processes: their positions, and the messages.
  private func problems(_ faults: [FaultSettings], of strategy: String = "redis.lock") throws -> [(Int, String)] {
    var scenario = try TestRun.scenario("counter", strategies: [strategy]) {
      $0.load.processes = 4
      $0.load.duration = .seconds(1)
    }
    let descriptor = try #require(StrategyCatalog.entry(id: strategy, over: nil)?.descriptor)
    scenario.strategies[0].options = Options(descriptor.options)
    scenario.faults = faults
    return FaultRegistry.problems(in: scenario).map { ($0.fault, $0.message) }
  }

  private func fault(
    _ kind: String, at start: Int, for length: Int? = nil, every interval: Int? = nil, service: String? = nil,
    _ options: [String: OptionValue] = [:]
  ) throws -> FaultSettings {
    let descriptor = try #require(FaultRegistry.descriptors.first { $0.id == kind })
    return FaultSettings(
      kind: kind, service: service, start: .duration(.milliseconds(start)),
      length: length.map { .duration(.milliseconds($0)) } ?? descriptor.length,
      interval: interval.map { .milliseconds($0) }, options: Options(descriptor.options, stated: options))
  }

  private func expect(
    _ faults: [FaultSettings], of strategy: String = "redis.lock", refuses position: Int?, saying words: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let problems = try problems(faults, of: strategy)
    #expect(problems.map(\.0) == (position.map { [$0] } ?? []), "\(problems)", sourceLocation: sourceLocation)
    #expect(problems.allSatisfy { $0.1.contains(words) }, "\(problems)", sourceLocation: sourceLocation)
  }

  @Test("a fault that cannot be over before the window closes")
  func late() throws {
    try expect([fault("pause-service", at: 800, for: 200)], refuses: nil)
    try expect(
      [fault("pause-service", at: 800, for: 300)], refuses: 0,
      saying: "it would last for 300 ms from 800 ms on, and the measured window (load.duration) closes after 1.00 s")
    // The share that is stated by default counts like any other.
    try expect([fault("partition", at: 900)], refuses: 0, saying: "state an earlier 'at' or a shorter 'for'")
    // What is over at once needs no time.
    try expect([fault("end-session", at: 999)], refuses: nil)
    try expect([fault("kill-worker", at: 999, ["then": .word("nothing")])], refuses: nil)
    try expect([fault("kill-worker", at: 999)], refuses: 0, saying: "100 ms")
  }

  @Test("a fault that happens again before it is over")
  func again() throws {
    try expect([fault("pause-worker", at: 100, for: 100, every: 100)], refuses: nil)
    try expect(
      [fault("pause-worker", at: 100, for: 101, every: 100)], refuses: 0,
      saying: "it is to last for 101 ms and to happen again every 100 ms; state a longer 'every' or a shorter 'for'")
  }

  @Test("two faults that stop or end one service at the same time")
  func sameService() throws {
    let pause = try fault("pause-service", at: 200, for: 200)
    try expect([pause, fault("kill-service", at: 400, for: 100)], refuses: nil)
    try expect(
      [pause, fault("kill-service", at: 399, for: 100)], refuses: 1,
      saying: "it is to happen at 399 ms, while faults.0 (pause service redis) is in effect; state another 'at'")
    try expect([pause, fault("restart-service", at: 100, for: 150)], refuses: 0, saying: "while faults.1")
    // Of two at the same moment the second one is told.
    try expect([pause, pause], refuses: 1)
    // Another service is another victim, and so is what passes between it and the workers.
    let other = try fault("pause-service", at: 200, for: 200, service: "postgres")
    #expect(try problems([pause, other]).allSatisfy { !$0.1.contains("in effect") })
    try expect([pause, fault("partition", at: 200, for: 200)], refuses: nil)
    // The same service, whether by name or as the first one that the strategy needs.
    try expect([pause, fault("pause-service", at: 300, for: 50, service: "redis")], refuses: 1)
  }

  @Test("a service is asked for something while it does not answer")
  func silentService() throws {
    let kill = try fault("kill-service", at: 200, for: 300)
    try expect([kill, fault("end-session", at: 300)], refuses: 1, saying: "at 300 ms, while faults.0")
    try expect([fault("end-session", at: 50, every: 200), kill], refuses: 0, saying: "at 250 ms, while faults.1")
    try expect([fault("end-session", at: 50, every: 500), kill], refuses: nil)
  }

  @Test("what repeats meets what repeats")
  func repeated() throws {
    let often = try fault("pause-service", at: 0, for: 30, every: 100)
    try expect([often, fault("kill-service", at: 50, for: 30, every: 100)], refuses: nil)
    try expect([often, fault("kill-service", at: 50, for: 30, every: 150)], refuses: 1, saying: "at 200 ms")
  }

  @Test("a worker process that is stopped or gone already")
  func sameProcess() throws {
    let second: [String: OptionValue] = ["target": .integer(1)]
    let pause = try fault("pause-worker", at: 200, for: 300, second)
    // One that is stopped can be killed where it stands; one that is dead cannot be stopped.
    try expect([pause, fault("kill-worker", at: 300, for: 50, second)], refuses: nil)
    try expect([fault("kill-worker", at: 100, for: 200, second), pause], refuses: 1, saying: "kill worker process 1")
    let final = second.merging(["then": .word("nothing")]) { $1 }
    try expect([fault("kill-worker", at: 100, final), pause], refuses: 1, saying: "at 200 ms")
    try expect([pause, fault("pause-worker", at: 300, for: 50, ["target": .integer(2)])], refuses: nil)
    try expect([pause, fault("pause-worker", at: 300, for: 50, second)], refuses: 1)
    try expect([fault("kill-worker", at: 100, every: 200, final)], refuses: 0, saying: "leave out 'every'")
    // Whom another target will mean is not known before.
    try expect([pause, fault("pause-worker", at: 300, for: 50)], refuses: nil)
  }

  @Test("so many deaths that nobody is left")
  func nobodyLeft() throws {
    let options: [String: OptionValue] = ["target": .word("any"), "then": .word("nothing")]
    try expect([fault("kill-worker", at: 100, every: 300, options)], refuses: nil)
    try expect(
      [fault("kill-worker", at: 99, every: 300, options)], refuses: 0,
      saying: "nobody would be left of 4 worker processes; state 'then: restart'")
    let once = try fault("kill-worker", at: 100, options)
    try expect([once, once, once], refuses: nil)
    try expect([once, once, once, once], refuses: 3)
  }
}
