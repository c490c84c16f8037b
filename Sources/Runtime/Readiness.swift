internal import CLinux
@preconcurrency internal import Glibc

/// Whether a registered descriptor has something to read. Used on the thread of its loop, by one task at a time.
///
/// Edge-triggered: after ``readable()`` the task must read until nothing is left, or call ``rearm()`` before it waits
/// again. Close the descriptor after ``deregister()``.
public final class Readiness {
  private let epoll: Int32
  private let descriptor: Int32
  private var waiter: UnsafeContinuation<Void, Never>?
  private var isReady = false
  /// The other side has closed. There will be no further edge, whatever was left unread when this one was reported.
  private var hasHungUp = false
  private var hasExpired = false

  init(epoll: Int32, descriptor: Int32) {
    self.epoll = epoll
    self.descriptor = descriptor
  }

  /// Suspends until there is something to read, or the other side has closed.
  public func readable() async {
    if isReady || hasHungUp {
      isReady = false
      return
    }
    await withUnsafeContinuation { waiter = $0 }
  }

  /// Suspends until the descriptor takes more bytes or has something to read: for the rare full send buffer.
  public func readableOrWritable() async {
    control(EPOLL_CTL_MOD, writable: true)
    await readable()
    control(EPOLL_CTL_MOD, writable: false)
  }

  /// Makes data that was left unread wake the next ``readable()``.
  public func rearm() { control(EPOLL_CTL_MOD, writable: false) }

  /// Ends the registration, before the descriptor is closed.
  public func deregister() {
    var unused = epoll_event()
    epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &unused)
  }

  func fire(_ events: UInt32) {
    if _slowPath(events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0) { hasHungUp = true }
    guard let continuation = waiter else {
      isReady = true
      return
    }
    waiter = nil
    continuation.resume()
  }

  /// The deadline of the wait has passed.
  func expire() {
    guard let continuation = waiter else { return }
    waiter = nil
    hasExpired = true
    continuation.resume()
  }

  /// Whether the wait that has just ended did so at its deadline.
  func takeExpiry() -> Bool {
    defer { hasExpired = false }
    return hasExpired
  }

  func control(_ operation: Int32, writable: Bool) {
    var event = epoll_event()
    event.events = EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue | (writable ? EPOLLOUT.rawValue : 0)
    event.data.ptr = Unmanaged.passUnretained(self).toOpaque()
    epoll_ctl(epoll, operation, descriptor, &event)
  }
}
