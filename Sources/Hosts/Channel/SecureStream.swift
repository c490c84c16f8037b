internal import COpenSSL
@preconcurrency internal import Glibc

/// A connected socket with TLS by a shared key, or without. Owns the descriptor and OpenSSL's state; never waits.
final class SecureStream {
  let descriptor: Int32
  private let tls: OpaquePointer?
  /// Kept because handshakes read the key in it.
  private let key: SharedKey?

  /// How far a call came.
  enum Progress: Equatable {
    /// That many bytes; of a handshake 0, when it is done.
    case bytes(Int)
    /// Nothing: try again when there is something to read.
    case wantsInput
    /// Nothing: try again when there is room to write.
    case wantsRoom
    /// The other side has closed.
    case closed
    /// The connection is lost; the number of the system's error.
    case lost(Int32)
    /// The other side does not know the key.
    case stranger
    /// The other side speaks something else, or what it sent was damaged.
    case foreign
  }

  /// Takes over a connected socket without TLS.
  init(plain descriptor: Int32) {
    self.descriptor = descriptor
    tls = nil
    key = nil
  }

  /// Takes over a connected socket that does not block, for a handshake.
  init(_ descriptor: Int32, key: SharedKey, isServer: Bool) throws(HostFailure) {
    self.descriptor = descriptor
    self.key = key
    tls = SSL_new(key.context)
    guard let tls, SSL_set_fd(tls, descriptor) == 1 else {
      throw HostFailure(.unavailable, "there is no memory for another connection: lower --hosts")
    }
    if isServer {
      SSL_set_accept_state(tls)
      // Nobody is asked for a certificate: whoever shows no key is turned away below.
      SSL_set_verify(tls, SSL_VERIFY_NONE, nil)
    } else {
      SSL_set_connect_state(tls)
    }
  }

  deinit {
    if let tls {
      // Says good-bye if there is room.
      ERR_clear_error()
      if SSL_is_init_finished(tls) == 1 { SSL_shutdown(tls) }
      SSL_free(tls)
    }
    // With something unread the kernel would reset the connection, and what was sent might not be read.
    shutdown(descriptor, Int32(SHUT_WR))
    var rest = [UInt8](repeating: 0, count: 4096)
    for _ in 0..<64 where recv(descriptor, &rest, rest.count, Int32(MSG_DONTWAIT)) <= 0 { break }
    close(descriptor)
  }

  /// Bytes that have arrived on the socket in a handshake.
  var countRead: UInt64 { tls.map { BIO_number_read(SSL_get_rbio($0)) } ?? 0 }

  /// Whether TLS holds bytes that it has read from the socket.
  var hasPending: Bool { tls.map { SSL_has_pending($0) == 1 } ?? false }

  /// Goes on with the handshake.
  func shakeHands() -> Progress {
    guard let tls else { return .bytes(0) }
    ERR_clear_error()
    let result = SSL_do_handshake(tls)
    guard result == 1 else { return progress(tls, result) }
    return SSL_session_reused(tls) == 1 ? .bytes(0) : .stranger
  }

  /// Reads what has arrived, at least one byte.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Progress {
    if let tls {
      ERR_clear_error()
      let count = SSL_read(tls, buffer.baseAddress, Int32(clamping: buffer.count))
      return count > 0 ? .bytes(Int(count)) : progress(tls, count)
    }
    let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
    if count > 0 { return .bytes(count) }
    if count == 0 { return .closed }
    return errno == EAGAIN || errno == EINTR ? .wantsInput : .lost(errno)
  }

  /// Writes some of the bytes. After `wants...` the same bytes must be offered again.
  func write(_ bytes: UnsafeRawBufferPointer) -> Progress {
    if let tls {
      ERR_clear_error()
      let count = SSL_write(tls, bytes.baseAddress, Int32(clamping: bytes.count))
      return count > 0 ? .bytes(Int(count)) : progress(tls, count)
    }
    let count = send(
      descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
    if count >= 0 { return .bytes(count) }
    return errno == EAGAIN || errno == EINTR ? .wantsRoom : .lost(errno)
  }

  private func progress(_ tls: OpaquePointer, _ result: Int32) -> Progress {
    let number = errno
    switch SSL_get_error(tls, result) {
    case SSL_ERROR_WANT_READ: return .wantsInput
    case SSL_ERROR_WANT_WRITE: return .wantsRoom
    case SSL_ERROR_ZERO_RETURN: return .closed
    case SSL_ERROR_SYSCALL: return number == 0 ? .closed : .lost(number)
    default: break
    }
    let isOurs: Set<Int32> = [
      SSL_R_BINDER_DOES_NOT_VERIFY, SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SSL_R_NO_SHARED_CIPHER,
      SSL_R_CERTIFICATE_VERIFY_FAILED, SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, SSL_R_SSLV3_ALERT_ILLEGAL_PARAMETER,
      SSL_R_TLSV1_ALERT_DECRYPT_ERROR,
    ]
    let reason = ERR_GET_REASON(ERR_peek_error())
    if reason == SSL_R_UNEXPECTED_EOF_WHILE_READING { return .closed }
    return isOurs.contains(reason) ? .stranger : .foreign
  }
}
