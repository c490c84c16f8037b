internal import COpenSSL

/// SHA-256 (FIPS 180-4), by libcrypto, which libpq brings.
enum SHA256 {
  /// The digest of some bytes as 64 hexadecimal digits.
  static func hexadecimal(of bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    _ = COpenSSL.SHA256(bytes, bytes.count, &digest)
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
