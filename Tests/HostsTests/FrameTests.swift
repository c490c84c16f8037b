import Glibc
import Testing

@testable import Hosts

/// Bytes that are not as they were sent.
@Suite struct FrameTests {
  /// What a channel writes for frames.
  func encode(_ frames: [ChannelFrame]) throws -> [UInt8] {
    var outbox = Outbox()
    for frame in frames { outbox.append(frame) }
    var bytes: [UInt8] = []
    try outbox.write { part throws(HostFailure) in
      // In small portions, as a slow network takes them.
      let count = min(part.count, 1000)
      bytes += part.prefix(count)
      return count
    }
    return bytes
  }

  func decode(_ bytes: [UInt8], inPortionsOf size: Int) throws -> [ChannelFrame] {
    var decoder = FrameDecoder(peer: "so2:1")
    var frames: [ChannelFrame] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { decoder.append($0) }
      while let frame = try decoder.next() { frames.append(frame) }
    }
    return frames
  }

  static let frames = [
    ChannelFrame(kind: .beat, trial: 7, payload: Array("0123456789".utf8)),
    ChannelFrame(kind: .evidence, trial: 8, payload: (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }),
  ]

  @Test(arguments: [1, 7, 4096, 1_000_000]) func portionsDoNotMatter(size: Int) throws {
    #expect(try decode(encode(Self.frames), inPortionsOf: size) == Self.frames)
  }

  @Test func everyFlippedBitIsRefused() throws {
    let bytes = try encode([Self.frames[0]])
    for place in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[place] ^= 1 << bit
        // A length that became greater waits for more; then the checksum is wrong.
        changed += [UInt8](repeating: 0, count: 1 << 17)
        let failure = #expect(throws: HostFailure.self) { try decode(changed, inPortionsOf: changed.count) }
        #expect(failure?.kind == .damaged)
        #expect(failure?.message.contains("so2:1") == true)
      }
    }
  }

  @Test func aLengthBeyondTheLimitIsRefusedBeforeTheContent() throws {
    for kind in [FrameKind.beat, .control, .evidence, .ping, .pong] {
      var header = FrameHeader(
        kind: kind, trial: 0, isContinued: false, payload: UnsafeRawBufferPointer(start: nil, count: 0))
      header.length = (kind == .control ? 16 << 20 : 64 << 10) + 1
      #expect(throws: HostFailure.self) { try decode(header.bytes, inPortionsOf: 16) }
    }
  }

  @Test func piecesOfTwoTrialsAreRefused() throws {
    func piece(_ trial: UInt32, continued: Bool) -> [UInt8] {
      [UInt8](repeating: 1, count: 10).withUnsafeBytes {
        FrameHeader(kind: .evidence, trial: trial, isContinued: continued, payload: $0).bytes + $0
      }
    }
    #expect(try decode(piece(1, continued: true) + piece(1, continued: false), inPortionsOf: 9).count == 1)
    #expect(throws: HostFailure.self) {
      try decode(piece(1, continued: true) + piece(2, continued: false), inPortionsOf: 9)
    }
  }

  @Test func whatWasCutOffIsRefused() throws {
    let bytes = try encode(Self.frames)
    for count in [1, 15, 16, 20, 25, 30, 65_000, 65_600, bytes.count - 1] {
      let (near, far) = try makeSockets()
      let channel = Channel(plain: near, peer: "so2:1")
      // A pair of sockets holds more than all of it.
      #expect(bytes.withUnsafeBytes { write(far, $0.baseAddress, count) } == count)
      close(far)
      var frames: [ChannelFrame] = []
      let failure = #expect(throws: HostFailure.self) {
        while let more = try channel.receive() { frames += more }
      }
      #expect(failure?.kind == .damaged)
      #expect(frames.count == (count < 26 ? 0 : 1))
      #expect(throws: HostFailure.self) { try channel.receive() }
    }
  }

  @Test func checksumsAreThoseOfTheStandard() {
    // RFC 3720, B.4.
    func sum(_ bytes: [UInt8]) -> UInt32 { FrameHeader.checksum(of: bytes) }
    #expect(sum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(sum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(sum(Array(0..<32)) == 0x46DD_794E)
    // Both ways of the processor agree.
    let long = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 7) }
    #expect(
      sum(long) == long.reduce(into: UInt32.max) { sum, byte in
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0x82F6_3B78 : 0) }
      } ^ .max)
  }
}
