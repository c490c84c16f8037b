#if Etcd
@preconcurrency internal import Glibc
internal import HTTPClient
internal import Runtime

/// Keeps a lease alive on a connection of its own, without waiting: each beat reads the answer to the request before and
/// sends the next one.
final class LeaseKeeper {
  private var endpoints: Endpoints
  private let lease: Int64
  private let lifetime: Int64
  /// When the server forgets the lease at the earliest.
  private var end: Int64
  private var descriptor: Int32 = -1
  private var reader = ResponseReader()
  private var isLost = false
  private var isWaiting = false
  private var sentAt: Int64 = 0

  /// - Parameters:
  ///   - lifetime: nanoseconds that the server has granted.
  ///   - start: a moment before the lease was asked for.
  init(_ endpoints: Endpoints, lease: Int64, lifetime: Int64, start: Int64) {
    self.endpoints = endpoints
    self.lease = lease
    self.lifetime = lifetime
    end = start &+ lifetime
  }

  deinit { disconnect() }

  /// Whether the lease has expired, as far as can be known here.
  var isOver: Bool { isLost || monotonicNow() > end }

  /// Nanoseconds between two beats: a third of the life, as etcd's own client does.
  var period: Int64 { lifetime / 3 }

  func beat() {
    if isWaiting { readAnswer() }
    // An answer that comes after the next request could not be told from the next one's.
    if isWaiting { disconnect() }
    if descriptor < 0 {
      guard let made = endpoints.current.connectedSocket(blocking: false) else { return endpoints.moveOn() }
      descriptor = made
    }
    reader = ResponseReader()
    let request = endpoints.current.request("/v3/lease/keepalive", "{\"ID\":\"\(lease)\"}")
    sentAt = monotonicNow()
    isWaiting = send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
    // A connection that is still being made takes nothing yet; the next beat sends.
    if !isWaiting && errno != EAGAIN { disconnect() }
  }

  private func readAnswer() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0, errno == EAGAIN { break }
      guard count > 0, reader.take(buffer[..<count]) else { return disconnect() }
    }
    guard reader.isComplete else { return }
    isWaiting = false
    guard let line = reader.takeBodyLine(), let result = JSONValue(line)?["result"] else { return }
    // An expired lease has no time left, and what is 0 is left out.
    if let seconds = result["TTL"]?.number, seconds > 0 { end = sentAt &+ lifetime } else { isLost = true }
  }

  /// The next connection goes to another member.
  private func disconnect() {
    if descriptor >= 0 { close(descriptor) }
    endpoints.moveOn()
    descriptor = -1
    isWaiting = false
  }
}
#endif
