internal import CLinux

/// The 16 bytes in front of every payload, numbers with their lowest byte first: length (4), kind (1), flags (1), zero (2),
/// trial (4), and the CRC-32C (4) of these twelve bytes and the payload.
///
/// TCP's own sum lets one of 65,536 random damages through, and TLS finds all of them; the checksum is there always,
/// because it costs little and finds our own faults.
struct FrameHeader: Equatable {
  static let size = 16
  /// The longest payload that travels as one piece, unless it is `control`.
  static let pieceSize = 64 << 10

  var length: Int
  var kind: FrameKind
  /// Whether more pieces of this frame follow.
  var isContinued: Bool
  var trial: UInt32
  var checksum: UInt32

  /// The header of a payload, or of a piece of it.
  init(kind: FrameKind, trial: UInt32, isContinued: Bool, payload: UnsafeRawBufferPointer) {
    length = payload.count
    self.kind = kind
    self.isContinued = isContinued
    self.trial = trial
    checksum = 0
    checksum = sum(payload)
  }

  /// Reads 16 bytes; nil when they cannot be a header.
  init?(_ bytes: UnsafeRawBufferPointer) {
    func number(at place: Int) -> UInt32 {
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
    }
    guard bytes.count >= Self.size, let kind = FrameKind(rawValue: bytes[4]), bytes[5] <= 1, bytes[6] == 0,
      bytes[7] == 0
    else { return nil }
    length = Int(number(at: 0))
    self.kind = kind
    isContinued = bytes[5] == 1
    trial = number(at: 8)
    checksum = number(at: 12)
    guard kind == .evidence || !isContinued else { return nil }
    guard length <= (kind == .control ? kind.limit : Self.pieceSize) else { return nil }
  }

  /// The checksum that belongs to this header and a payload.
  func sum(_ payload: UnsafeRawBufferPointer) -> UInt32 {
    let head = bytes
    let before = clinux_crc32c(0, head, Self.size - 4)
    return payload.isEmpty ? before : clinux_crc32c(before, payload.baseAddress, payload.count)
  }

  /// The CRC-32C of bytes alone.
  static func checksum(of bytes: [UInt8]) -> UInt32 { clinux_crc32c(0, bytes, bytes.count) }

  /// As it is sent.
  var bytes: [UInt8] {
    func parts(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
    return parts(UInt32(length)) + [kind.rawValue, isContinued ? 1 : 0, 0, 0] + parts(trial) + parts(checksum)
  }
}
