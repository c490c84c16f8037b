import Glibc
import Model
import Testing

@testable import Hosts

/// Two clocks and a network that exist only here: the truth is known.
private struct Simulation {
  var random: RandomSource
  /// The driver's clock.
  var now: Int64 = 1_000_000_000
  /// The host's minus the driver's at the driver's clock 0, and how it grows.
  let offset: Int64
  let partsPerMillion: Double

  func truth(at moment: Int64) -> Double { Double(offset) + Double(moment) * partsPerMillion / 1e6 }

  mutating func below(_ limit: Int64) -> Int64 { Int64(random.next() % UInt64(limit)) }

  /// One question with delays that differ by much between the two ways.
  mutating func ask(_ estimate: inout ClockEstimate, there: Int64, back: Int64) {
    let sent = now
    now += there + below(20_000)
    let answered = Int64((Double(now) + truth(at: now)).rounded())
    now += back + below(20_000)
    estimate.add(sent: sent, answered: answered, received: now)
  }
}

@Suite struct ClockTests {
  @Test(arguments: [0, 35, -80, 95] as [Double], [0, 3_600_000_000_000, -999_000_000_000] as [Int64])
  func theTruthIsInside(drift: Double, offset: Int64) throws {
    for seed in 0..<20 as Range<UInt64> {
      var world = Simulation(random: RandomSource(seed: seed, stream: 1), offset: offset, partsPerMillion: drift)
      var estimate = ClockEstimate()
      #expect(estimate.offset(at: 0) == nil)
      for round in 0..<30 {
        // Bursts, and single questions of which one way is a thousand times the other.
        for _ in 0..<32 { world.ask(&estimate, there: 5_000, back: 40_000) }
        world.now += world.below(1_000_000_000)
        world.ask(&estimate, there: round % 2 == 0 ? 2_000_000 : 2_000, back: round % 2 == 0 ? 2_000 : 2_000_000)
        for moment in [world.now, world.now - 3_000_000_000, world.now + 10_000_000_000, 1_000_000_000] {
          let interval = try #require(estimate.offset(at: moment))
          // A reading of the host's clock is whole nanoseconds.
          #expect(
            Double(interval.low) - 1 <= world.truth(at: moment) && world.truth(at: moment) <= Double(interval.high) + 1)
        }
      }
      let bound = try #require(estimate.offset(at: world.now)).halfWidth
      // 32 questions of 45 to 85 us, and a drift of 100 ppm over at most a second.
      #expect(bound < 130_000)
      #expect(try #require(estimate.roundTrip) < 60_000)
    }
  }

  @Test func aBurstBoundsByHalfARoundTrip() throws {
    var world = Simulation(random: RandomSource(seed: 1, stream: 1), offset: 77, partsPerMillion: 0)
    var estimate = ClockEstimate()
    for _ in 0..<32 { world.ask(&estimate, there: 10_000, back: 10_000) }
    let interval = try #require(estimate.offset(at: world.now))
    #expect(interval.halfWidth < 12_500)
    #expect(estimate.count == 1)
  }

  @Test func aSteppedClockIsFound() {
    var estimate = ClockEstimate()
    for second in 0..<100 as Range<Int64> {
      let sent = second * 1_000_000_000
      let step: Int64 = second < 50 ? 0 : 150_000
      estimate.add(sent: sent, answered: sent + 10_000 + step, received: sent + 20_000)
      #expect((estimate.offset(at: sent) == nil) == (second >= 50))
    }
    #expect(estimate.offset(at: 0) == nil)
  }

  @Test func memoryIsBoundedAndTheTruthStaysInside() throws {
    var world = Simulation(random: RandomSource(seed: 5, stream: 1), offset: -5, partsPerMillion: 50)
    var estimate = ClockEstimate()
    for _ in 0..<5000 {
      world.ask(&estimate, there: 20_000, back: 5_000)
      world.now += 1_000_000_000
      #expect(estimate.count <= ClockEstimate.capacity)
    }
    for moment in stride(from: 0, through: world.now, by: 500_000_000_000) {
      let interval = try #require(estimate.offset(at: moment))
      #expect(
        Double(interval.low) - 1 <= world.truth(at: moment) && world.truth(at: moment) <= Double(interval.high) + 1)
    }
  }

  @Test func numbersOfOthersDoNotOverflow() {
    let extremes: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
    for sent in extremes {
      for answered in extremes {
        for received in extremes {
          var estimate = ClockEstimate()
          estimate.add(sent: sent, answered: answered, received: received)
          estimate.add(sent: 0, answered: answered, received: 10)
          for moment in extremes { _ = estimate.offset(at: moment) }
          let interval = ClockInterval.ping(sent: sent, answered: answered, received: received).widened(by: .max)
          #expect(interval.low <= interval.midpoint && interval.midpoint <= interval.high)
          _ = HoldJudgement.judge(
            [
              PlacedHold(host: 0, key: 1, entered: sent, left: answered),
              PlacedHold(host: 1, key: 1, entered: answered, left: received),
            ],
            offsets: [interval, interval])
        }
      }
    }
  }

  @Test func intervalsIntersect() {
    let one = ClockInterval(low: 1, high: 4)
    #expect(one.midpoint == 2)
    #expect(one.halfWidth == 2)
    #expect(one.intersection(ClockInterval(low: 4, high: 9)) == ClockInterval(low: 4, high: 4))
    #expect(one.intersection(ClockInterval(low: 5, high: 9)) == nil)
    #expect(one.widened(by: 2) == ClockInterval(low: -1, high: 6))
    #expect(ClockInterval.ping(sent: 10, answered: 100, received: 30) == ClockInterval(low: 70, high: 90))
  }
}

@Suite struct PingTests {
  /// Answers so many questions; the clock of the answers is ahead.
  static func answer(_ count: Int, on channel: Channel, ahead: Int64) throws {
    var answered = 0
    while answered < count {
      channel.wait(until: moment())
      for frame in try #require(try channel.receive()) {
        try channel.answer(frame, at: moment(inSeconds: 0) + ahead)
        answered += 1
      }
    }
  }

  @Test func aBurstFindsAPlantedOffset() throws {
    let (driver, agent) = try makeTLSPair()
    let other = ChannelFrame(kind: .beat, trial: 4, payload: [1])
    try agent.send(other)
    let host = Beside { [agent] in try Self.answer(32, on: agent, ahead: 1_000_000_000_000) }
    var estimate = ClockEstimate()
    let arrived = try PingBurst.run(over: driver, count: 32, until: moment(), into: &estimate) { moment(inSeconds: 0) }
    try host.value()
    #expect(arrived == [other])
    let interval = try #require(estimate.offset(at: moment(inSeconds: 0)))
    // Both ends read one clock, so the truth is exact.
    #expect(interval.low <= 1_000_000_000_000 && 1_000_000_000_000 <= interval.high)
    #expect(try #require(estimate.roundTrip) > 0)
  }

  @Test func whatArrivedBeforeAFailureIsKept() throws {
    let (driver, agent) = try makePair()
    let other = ChannelFrame(kind: .evidence, trial: 4, payload: [1])
    try agent.send(other)
    var estimate = ClockEstimate()
    let late = #expect(throws: HostFailure.self) {
      try PingBurst.run(over: driver, until: moment(inSeconds: 0), into: &estimate) { moment(inSeconds: 0) }
    }
    #expect(late?.kind == .unavailable)
    #expect(driver.hasPending)
    agent.close()
    #expect(throws: HostFailure.self) {
      try PingBurst.run(over: driver, until: moment(), into: &estimate) { moment(inSeconds: 0) }
    }
    #expect(try driver.receive() == [other])
    #expect(try driver.receive() == nil)
  }

  @Test func otherFormsAreRefused() throws {
    let (driver, _) = try makePair()
    var estimate = ClockEstimate()
    #expect(throws: HostFailure.self) { try driver.answer(ChannelFrame(kind: .ping, trial: 0, payload: [1]), at: 0) }
    #expect(throws: HostFailure.self) {
      try estimate.add(pong: ChannelFrame(kind: .pong, trial: 0, payload: [1]), received: 0, from: "so1")
    }
  }
}
