internal import COpenSSL
@preconcurrency internal import Glibc

/// A socket, with TLS for an endpoint that asks for it: what connections of event loops and those that block share.
///
/// Owns the descriptor and OpenSSL's state. Nothing here waits unless the socket blocks.
final class Wire {
  let descriptor: Int32
  private let tls: OpaquePointer?

  /// How far a call came.
  enum Progress {
    case bytes(Int)
    /// Nothing was done: try again when there is something to read.
    case wantsInput
    /// Nothing was done: try again when there is room to write.
    case wantsRoom
    /// The connection is at its end; with a reason when the other side is not to be trusted.
    case end(String?)
  }

  /// Takes over a connected socket; nil when there is no memory.
  ///
  /// - Parameter application: the protocol that is to be spoken over TLS, as in ALPN (RFC 7301): `h2`.
  init?(_ descriptor: Int32, to endpoint: Endpoint, application: String?) {
    self.descriptor = descriptor
    guard let context = endpoint.security else {
      tls = nil
      return
    }
    tls = SSL_new(context.pointer)
    guard let tls else { return nil }
    SSL_set_fd(tls, descriptor)
    // An address is looked for among the addresses of the certificate, a name among its names.
    if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), endpoint.host) != 1 {
      SSL_set1_host(tls, endpoint.host)
      _ = copenssl_name_host(tls, endpoint.host)
    }
    if let application {
      let list = [UInt8(application.utf8.count)] + application.utf8
      SSL_set_alpn_protos(tls, list, UInt32(list.count))
    }
  }

  deinit {
    SSL_free(tls)
    close(descriptor)
  }

  /// Agrees with the server on keys, once the socket is connected; `bytes(0)` when that is done.
  func shakeHands() -> Progress {
    guard let tls else { return .bytes(0) }
    ERR_clear_error()
    let result = SSL_connect(tls)
    return result == 1 ? .bytes(0) : progress(tls, result)
  }

  /// Reads what has arrived, at least one byte.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Progress {
    if let tls {
      ERR_clear_error()
      let count = SSL_read(tls, buffer.baseAddress, Int32(clamping: buffer.count))
      return count > 0 ? .bytes(Int(count)) : progress(tls, count)
    }
    let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
    if count > 0 { return .bytes(count) }
    return count < 0 && errno == EAGAIN ? .wantsInput : .end(nil)
  }

  /// Writes some of the bytes, from a position on. With TLS, after `wants...` the same bytes must be offered again.
  func write(_ bytes: [UInt8], from start: Int = 0) -> Progress {
    bytes.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[start...])) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) -> Progress {
    if let tls {
      ERR_clear_error()
      let count = SSL_write(tls, bytes.baseAddress, Int32(clamping: bytes.count))
      return count > 0 ? .bytes(Int(count)) : progress(tls, count)
    }
    let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    if count >= 0 { return .bytes(count) }
    return errno == EAGAIN ? .wantsRoom : .end(nil)
  }

  private func progress(_ tls: OpaquePointer, _ result: Int32) -> Progress {
    switch SSL_get_error(tls, result) {
    case SSL_ERROR_WANT_READ: return .wantsInput
    case SSL_ERROR_WANT_WRITE: return .wantsRoom
    default: break
    }
    let verdict = SSL_get_verify_result(tls)
    if verdict != X509_V_OK {
      return .end("its certificate is not trusted: " + String(cString: X509_verify_cert_error_string(verdict)))
    }
    let error = ERR_peek_error()
    return .end(error == 0 ? nil : ERR_reason_error_string(error).map { "TLS: " + String(cString: $0) })
  }
}
