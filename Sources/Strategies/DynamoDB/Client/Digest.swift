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
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
#endif
