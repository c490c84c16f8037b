internal import COpenSSL
@preconcurrency internal import Glibc

/// TLS 1.3 by a key that both sides make of the token: each proves that it knows it, nobody else can read what they say,
/// and, because of (EC)DHE, not even who learns the token later.
final class SharedKey {
  let context: OpaquePointer
  /// Where OpenSSL reads the key in every handshake.
  private let key: UnsafeMutablePointer<UInt8>

  /// Derives the key.
  ///
  /// - Throws: when OpenSSL cannot be used.
  init(_ token: RunToken) throws(HostFailure) {
    guard let made = SSL_CTX_new(TLS_method()) else { throw HostFailure(.unavailable, "OpenSSL cannot be used") }
    context = made
    key = .allocate(capacity: 32)
    let derived = Self.derive(token.bytes, salt: [], info: Array("contend/2".utf8))
    key.initialize(from: derived, count: 32)
    // A side that shows a certificate instead of the key is nobody.
    SSL_CTX_set_verify(made, SSL_VERIFY_PEER, nil)
    copenssl_accept_partial_writes(made)
    guard copenssl_share_key(made, key) == 1 else { throw HostFailure(.unavailable, "OpenSSL does not offer TLS 1.3") }
  }

  deinit {
    SSL_CTX_free(context)
    OPENSSL_cleanse(key, 32)
    key.deallocate()
  }

  /// The first 32 bytes of HKDF with SHA-256 (RFC 5869).
  static func derive(_ secret: [UInt8], salt: [UInt8], info: [UInt8]) -> [UInt8] {
    // No salt stands for zeros.
    let root = authenticate(secret, with: salt.isEmpty ? [UInt8](repeating: 0, count: 32) : salt)
    return authenticate(info + [1], with: root)
  }

  private static func authenticate(_ message: [UInt8], with key: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &digest, nil)
    return digest
  }
}
