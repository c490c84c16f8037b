internal import CLinux
@preconcurrency internal import Glibc
internal import Runtime
internal import Synchronization

/// What other threads want the proxy's thread to do.
final class Orders: Sendable {
  typealias Order = @Sendable (ProxyLoop) -> Void

  /// Readable when there is something to do.
  let wake: Int32
  private let waiting = Mutex<[Order]>([])

  init() throws(SystemFailure) {
    wake = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    guard wake >= 0 else { throw SystemFailure("eventfd") }
  }

  deinit { close(wake) }

  /// Asks for something; returns at once.
  func give(_ order: @escaping Order) {
    waiting.withLock { $0.append(order) }
    var one: UInt64 = 1
    _ = write(wake, &one, 8)
  }

  /// Everything that was asked for.
  func take() -> [Order] {
    var count: UInt64 = 0
    _ = read(wake, &count, 8)
    return waiting.withLock { orders in
      defer { orders = [] }
      return orders
    }
  }
}
