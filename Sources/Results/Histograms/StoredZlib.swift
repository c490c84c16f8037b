/// The zlib container (RFC 1950) around blocks that are stored and not compressed (RFC 1951, section 3.2.4).
///
/// Every decoder of zlib reads it; it saves a dependency and costs about a fifth in size for our histograms.
enum StoredZlib {
  /// Wraps bytes.
  static func wrap(_ bytes: [UInt8]) -> [UInt8] {
    // Deflate with a 32 KB window, lowest level; the second byte makes the pair a multiple of 31.
    var stream: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 0xFFFF, bytes.count)
      let length = UInt16(end - start)
      stream.append(end == bytes.count ? 1 : 0)
      stream += [UInt8(length & 0xFF), UInt8(length >> 8), UInt8(~length & 0xFF), UInt8(~length >> 8)]
      stream += bytes[start..<end]
      start = end
    } while start < bytes.count
    let checksum = adler32(bytes)
    return stream + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (24 - 8 * $0)) }
  }

  /// Unwraps bytes; nil when the stream is damaged or compressed.
  static func unwrap(_ stream: [UInt8]) -> [UInt8]? {
    guard stream.count >= 6, stream[0] & 0x0F == 8, (Int(stream[0]) << 8 | Int(stream[1])) % 31 == 0 else { return nil }
    var bytes: [UInt8] = []
    var position = 2
    while true {
      guard position + 5 <= stream.count, stream[position] & 0b110 == 0 else { return nil }
      let isLast = stream[position] & 1 == 1
      let length = Int(stream[position + 1]) | Int(stream[position + 2]) << 8
      let complement = Int(stream[position + 3]) | Int(stream[position + 4]) << 8
      position += 5
      guard length ^ complement == 0xFFFF, position + length <= stream.count else { return nil }
      bytes += stream[position..<position + length]
      position += length
      if isLast { break }
    }
    guard position + 4 == stream.count else { return nil }
    let stated = stream[position...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return stated == adler32(bytes) ? bytes : nil
  }

  /// The checksum of RFC 1950.
  static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var low: UInt32 = 1
    var high: UInt32 = 0
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return high << 16 | low
  }
}
