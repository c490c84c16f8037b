#if DynamoDB
internal import COpenSSL

/// SHA-256 and its keyed form, by OpenSSL.
enum Digest {
  private static let length = 32

  /// SHA-256 of some bytes: 32 bytes (FIPS 180-4).
  static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    _ = SHA256(bytes, bytes.count, &digest)
    return digest
  }

  /// HMAC-SHA-256 of some bytes under a key: 32 bytes (RFC 2104).
  static func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    var written: UInt32 = 0
    _ = HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &digest, &written)
    return digest
  }

  /// Two lower-case hexadecimal digits for each byte.
  static func hexadecimal(_ bytes: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
      for (index, byte) in bytes.enumerated() {
        text[2 * index] = digit(byte >> 4)
        text[2 * index + 1] = digit(byte & 15)
      }
      return 2 * bytes.count
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
#endif
