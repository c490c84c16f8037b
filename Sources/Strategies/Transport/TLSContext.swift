internal import COpenSSL
package import Model

/// How servers are recognised: by a certificate for their name from an authority that the system trusts, or, where the
/// environment sets `SSL_CERT_FILE` or `SSL_CERT_DIR`, from one that stands there. At least TLS 1.2.
package final class TLSContext: @unchecked Sendable {
  // because it does not change once it is made, and OpenSSL counts references to it atomically
  let pointer: OpaquePointer

  /// Reads the certificates of the authorities.
  package init() throws(SetupFailure) {
    guard let made = SSL_CTX_new(TLS_client_method()) else { throw SetupFailure("OpenSSL cannot be used") }
    pointer = made
    SSL_CTX_set_verify(made, SSL_VERIFY_PEER, nil)
    copenssl_accept_partial_writes(made)
    guard copenssl_require_tls_1_2(made) == 1, SSL_CTX_set_default_verify_paths(made) == 1 else {
      throw SetupFailure("OpenSSL cannot read the certificates of the authorities that the system trusts")
    }
  }

  deinit { SSL_CTX_free(pointer) }
}
