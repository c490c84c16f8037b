import Glibc
import Testing

@testable import Hosts

/// Channels within one host and over TLS.
@Suite struct ChannelTests {
  enum Way: CaseIterable { case plain, secure }

  func pair(_ way: Way) throws -> (Channel, Channel) { way == .plain ? try makePair() : try makeTLSPair() }

  static let samples = [
    ChannelFrame(kind: .control, trial: 0, payload: Array(#"{"hello":2}"#.utf8)),
    ChannelFrame(kind: .beat, trial: .max, payload: [UInt8](repeating: 7, count: 65_536)),
    ChannelFrame(kind: .evidence, trial: 3, payload: []),
    ChannelFrame(kind: .evidence, trial: 3, payload: [1]),
    ChannelFrame(kind: .evidence, trial: 4, payload: (0..<65_536).map { UInt8(truncatingIfNeeded: $0) }),
    ChannelFrame(kind: .evidence, trial: 5, payload: (0..<65_537).map { UInt8(truncatingIfNeeded: $0 &* 31) }),
    ChannelFrame(kind: .control, trial: 9, payload: [UInt8](repeating: 0x20, count: 300_000)),
    ChannelFrame(kind: .control, trial: 9, payload: []),
  ]

  @Test(arguments: Way.allCases) func allKindsArriveInOrder(way: Way) throws {
    let (first, second) = try pair(way)
    for frame in Self.samples { try first.send(frame) }
    #expect(try receive(Self.samples.count, from: second, flushing: first) == Self.samples)
    #expect(!first.hasUnsent)
    for frame in Self.samples { try second.send(frame) }
    #expect(try receive(Self.samples.count, from: first, flushing: second) == Self.samples)
  }

  @Test(arguments: Way.allCases) func aPingPassesEvidence(way: Way) throws {
    let (first, second) = try pair(way)
    let evidence = ChannelFrame(kind: .evidence, trial: 1, payload: [UInt8](repeating: 9, count: 32 << 20))
    try first.send(evidence)
    #expect(first.hasUnsent)
    let ping = ChannelFrame(kind: .ping, trial: 1, payload: [1, 2])
    try first.send(ping)
    #expect(try receive(2, from: second, flushing: first) == [ping, evidence])
  }

  @Test(arguments: Way.allCases) func bigEvidenceGoesBothWays(way: Way) throws {
    let (first, second) = try pair(way)
    let one = ChannelFrame(kind: .evidence, trial: 1, payload: [UInt8](repeating: 1, count: 64 << 20))
    let two = ChannelFrame(kind: .evidence, trial: 2, payload: [UInt8](repeating: 2, count: 64 << 20))
    try first.send(one)
    try second.send(two)
    #expect(first.unsentBytes > 32 << 20)
    var arrived: [ChannelFrame] = []
    while arrived.count < 2 {
      try first.flush()
      try second.flush()
      arrived += try #require(try first.receive())
      arrived += try #require(try second.receive())
    }
    #expect(arrived.contains(one))
    #expect(arrived.contains(two))
  }

  @Test(arguments: Way.allCases) func whoDoesNotReadBlocksNobody(way: Way) throws {
    let (first, second) = try pair(way)
    let frame = ChannelFrame(kind: .control, trial: 0, payload: [UInt8](repeating: 1, count: 1 << 20))
    for _ in 0..<20 { try first.send(frame) }
    #expect(first.unsentBytes > 1 << 20)
    #expect(throws: HostFailure.self) { try first.drain(until: moment(inSeconds: 0)) }
    let reader = Beside { [second] in try receive(20, from: second).count }
    try first.drain(until: moment())
    #expect(try reader.value() == 20)
    #expect(!first.hasUnsent)
  }

  @Test(arguments: Way.allCases) func aClosedChannelIsSeen(way: Way) throws {
    let (first, second) = try pair(way)
    try first.send(Self.samples[0])
    first.close()
    #expect(throws: HostFailure.self) { try first.send(Self.samples[0]) }
    #expect(second.wait(until: moment()))
    var frames: [ChannelFrame] = []
    while let more = try second.receive() { frames += more }
    #expect(frames == [Self.samples[0]])
    #expect(try second.receive() == nil)
    #expect(second.ending == "the other side has closed it")
  }

  @Test(arguments: Way.allCases) func lastWordsAreHeardAlthoughSendingFails(way: Way) throws {
    let (first, second) = try pair(way)
    try second.send(Self.samples[0])
    second.close()
    let failure = #expect(throws: HostFailure.self) {
      while true {
        try first.send(Self.samples[1])
        usleep(1000)
      }
    }
    #expect(failure?.kind == .unavailable)
    #expect(try receive(1, from: first) == [Self.samples[0]])
    #expect(try first.receive() == nil)
    #expect(first.ending != nil)
  }

  @Test func aWriteToNobodyFailsWithoutASignal() throws {
    let (first, second) = try makePair()
    second.close()
    let failure = #expect(throws: HostFailure.self) { for _ in 0..<3 { try first.send(Self.samples[0]) } }
    #expect(failure?.kind == .unavailable)
    #expect(failure?.message.contains("second") == true)
  }

  @Test(arguments: [(FrameKind.beat, 65_537), (.control, (16 << 20) + 1), (.ping, 65_537)])
  func whatIsTooLongIsNotSent(kind: FrameKind, count: Int) throws {
    let (first, _) = try makePair()
    let failure = #expect(throws: HostFailure.self) {
      try first.send(ChannelFrame(kind: kind, trial: 0, payload: [UInt8](repeating: 0, count: count)))
    }
    #expect(failure?.kind == .usage)
    #expect(!first.hasUnsent)
  }

  @Test func waitingSeesOtherDescriptors() throws {
    let (first, second) = try makePair()
    defer { second.close() }
    let (other, far) = try makeSockets()
    defer {
      close(other)
      close(far)
    }
    #expect(!first.wait(until: moment(inSeconds: 0), also: [other]))
    #expect(write(far, "x", 1) == 1)
    #expect(first.wait(until: moment(), also: [other]))
  }

  @Test func theEndsKnowTheirAddresses() throws {
    let (driver, agent) = try makeTLSPair()
    #expect(agent.localHost == "127.0.0.1")
    #expect(driver.localHost == "127.0.0.1")
    #expect(driver.peer.hasPrefix("127.0.0.1:"))
    #expect(driver.peer != agent.peer)
  }
}
