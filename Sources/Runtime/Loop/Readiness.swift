internal import CLinux
@preconcurrency internal import Glibc

/// Whether a registered descriptor has something to read, or a signal was given. Used on the thread of its loop, by one task at a time.
///
/// Edge-triggered: after ``readable()`` the task must read until nothing is left, or call ``rearm()`` before it waits
/// again. Close the descriptor after ``deregister()``; when a library has closed it, ``abandon()``.
public final class Readiness {
  /// Outlives its descriptors.
  private unowned(unsafe) let loop: EventLoop
  private let epoll: Int32
  private let descriptor: Int32
  @exclusivity(unchecked) private var waiter: UnsafeContinuation<Void, Never>?
  @exclusivity(unchecked) private var isReady = false
  /// The other side has closed. There will be no further edge, whatever was left unread when this one was reported.
  @exclusivity(unchecked) public private(set) var hasHungUp = false
  private var hasExpired = false

  init(loop: EventLoop, epoll: Int32, descriptor: Int32) {
    self.loop = loop
    self.epoll = epoll
    self.descriptor = descriptor
  }

  /// Waits until there is something to read, or the other side has closed; other tasks of the loop run meanwhile.
  public func readable() async {
    if takeReady() || loop.waitInPlace(for: self) { return }
    await withUnsafeContinuation { waiter = $0 }
  }

  /// The same when the wait has a deadline, so that there must be somebody to resume at that moment.
  func suspendUntilReadable() async {
    if takeReady() { return }
    await withUnsafeContinuation { waiter = $0 }
  }

  /// Whether there is something to read, or the other side has closed, before anybody waits.
  @inline(__always) func takeReady() -> Bool {
    defer { isReady = false }
    return isReady || hasHungUp
  }

  /// Whether something has come, or the other side has closed, that no wait has been told of yet. After an answer was read
  /// to its end this is nothing that was asked for; it may have been read already, with what came before.
  @inline(__always) public var hasArrived: Bool { isReady || hasHungUp }

  /// Suspends until the descriptor takes more bytes or has something to read: for the rare full send buffer.
  public func readableOrWritable() async {
    control(EPOLL_CTL_MOD, writable: true)
    await suspendUntilReadable()
    control(EPOLL_CTL_MOD, writable: false)
  }

  /// Makes data that was left unread wake the next ``readable()``.
  public func rearm() { control(EPOLL_CTL_MOD, writable: false) }

  /// Ends the registration, before the descriptor is closed.
  public func deregister() {
    var unused = epoll_event()
    epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &unused)
  }

  /// Ends the registration of a descriptor that somebody else has closed: its number may be another's by now, so the
  /// kernel cannot be told. It reports the descriptor as long as a copy is open, as in a process that is just being
  /// started, and the address that comes with the event must be somebody's.
  public func abandon() { loop.keep(self) }

  /// Wakes the task that waits, or else the next one that will; call on the loop.
  public func signal() { fire(0) }

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
