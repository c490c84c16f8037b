internal import CLinux
@preconcurrency internal import Glibc
internal import Runtime

/// An eventfd: something that one thread signals and another waits for, alone or beside other descriptors. Closed when
/// nobody has it any more.
final class EventDescriptor: Sendable {
  /// Readable once it was signalled, until it is cleared.
  let descriptor: Int32

  init() throws(SystemFailure) {
    descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    if descriptor < 0 { throw SystemFailure("eventfd") }
  }

  deinit { close(descriptor) }

  /// Wakes whoever waits.
  func signal() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  /// Nothing has been signalled any more.
  func clear() {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }

  /// Whether something can be read from a descriptor now, one of these or another.
  static func isReadable(_ descriptor: Int32) -> Bool {
    var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waited, 1, 0) > 0
  }

  /// Blocks until it is signalled, and clears it.
  func wait() {
    var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&waited, 1, -1)
    clear()
  }
}
