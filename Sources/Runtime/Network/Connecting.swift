@preconcurrency internal import Glibc

/// Why nobody could be reached.
public enum ConnectFailure: Error, Equatable {
  /// The name of the host leads nowhere.
  case unknownHost
  /// The system's error for the first address.
  case system(Int32)
  /// No address has answered in time.
  case late

  init(_ error: Int32) { self = error == ETIMEDOUT ? .late : .system(error) }
}

/// Connects to the first address that accepts, and blocks meanwhile.
///
/// - Parameters:
///   - addresses: tried in this order; each has an equal share of the time that is left.
///   - deadline: a moment of ``monotonicNow()``.
/// - Returns: a descriptor that blocks and belongs to the caller.
public func connectBlocking(
  to addresses: [SocketAddress], until deadline: Int64
) throws(ConnectFailure) -> Int32 {
  guard !addresses.isEmpty else { throw .unknownHost }
  var pending = PendingConnection(addresses)
  while true {
    switch pending.advance() {
    case .connected:
      let descriptor = pending.take()
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
      return descriptor
    case .waiting:
      var polled = pollfd(fd: pending.descriptor, events: Int16(POLLOUT), revents: 0)
      let nanoseconds = max(0, pending.limit(before: deadline) &- monotonicNow())
      if poll(&polled, 1, Int32(clamping: nanoseconds / 1_000_000 + 1)) == 0 { pending.giveUp(ETIMEDOUT) }
    case .failed(EAGAIN) where monotonicNow() < deadline:
      // The queue of a unix socket is full.
      usleep(1000)
      pending = PendingConnection(addresses)
    case .failed(let error): throw ConnectFailure(error)
    }
  }
}

extension EventLoop {
  /// The same on this loop, whose other tasks run meanwhile.
  ///
  /// - Returns: a descriptor that does not block and belongs to the caller.
  public func connect(to addresses: [SocketAddress], until deadline: Int64) async throws(ConnectFailure) -> Int32 {
    guard !addresses.isEmpty else { throw .unknownHost }
    var pending = PendingConnection(addresses)
    while true {
      switch pending.advance() {
      case .connected: return pending.take()
      case .waiting:
        let readiness = register(pending.descriptor)
        let isReady = await wait(for: readiness, writable: true, until: pending.limit(before: deadline))
        readiness.deregister()
        if !isReady { pending.giveUp(ETIMEDOUT) }
      case .failed(EAGAIN) where monotonicNow() < deadline:
        // The queue of a unix socket is full: a thousand workers connect at once.
        await sleep(nanoseconds: 1_000_000)
        pending = PendingConnection(addresses)
      case .failed(let error): throw ConnectFailure(error)
      }
    }
  }
}

extension PendingConnection {
  /// Until when the address at hand may be tried, so that those after it have as much time.
  fileprivate func limit(before deadline: Int64) -> Int64 {
    let now = monotonicNow()
    return now &+ (deadline &- now) / Int64(remaining + 1)
  }
}
