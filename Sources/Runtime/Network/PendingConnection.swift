@preconcurrency internal import Glibc

/// A connection that is being made: to the addresses of a host one after the other, until one of them accepts. Never
/// waits; whoever has it looks again with ``advance()``.
public final class PendingConnection {
  /// Of the address that is being tried; -1 when there is none.
  private(set) var descriptor: Int32 = -1
  private var left: ArraySlice<SocketAddress>
  /// Why the first address could not be reached: the resolver puts the one first that should be.
  private var firstError: Int32 = 0

  /// How far it has come.
  public enum State: Equatable {
    /// ``take()`` has the descriptor.
    case connected
    /// The address that is being tried has not answered.
    case waiting
    /// No address is left; the number of the system's error.
    case failed(Int32)
  }

  /// Has tried nothing yet.
  public init(_ addresses: [SocketAddress]) { left = addresses[...] }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// How many addresses have not been tried.
  var remaining: Int { left.count }

  /// Looks what has become of the address that is being tried, and goes on to the next when it has refused.
  public func advance() -> State {
    while true {
      if descriptor < 0 {
        guard let address = left.popFirst() else { return .failed(firstError) }
        let (begun, error) = address.beginConnecting()
        descriptor = begun
        if begun < 0 { giveUp(error) }
        continue
      }
      var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&polled, 1, 0) != 0 else { return .waiting }
      var error: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
      if error == 0 { return .connected }
      giveUp(error)
    }
  }

  /// Leaves the address that is being tried; the next look goes on to the next.
  func giveUp(_ error: Int32) {
    if firstError == 0 { firstError = error }
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  /// The connected descriptor, which does not block and belongs to the caller from now on.
  public func take() -> Int32 {
    defer { descriptor = -1 }
    return descriptor
  }
}
