@preconcurrency internal import Glibc
internal import Synchronization

/// Time that passes only while a thread waits: what sleeps for an hour takes no time at all, and as long as to the
/// microsecond.
///
/// The functions of the C library by which the harness reads the clock and waits are replaced in the test program alone:
/// `SystemCalls.swift`. Nothing in the harness knows of it, so nothing in it pays for it.
///
/// A thread in virtual time works by itself, and its time is its own: whatever else happens outside of it, a server's
/// answer for instance, happens without any time passing.
package final class VirtualClock: Sendable {
  private let isRunning = Atomic(false)

  package init() {}

  /// Calls something in virtual time.
  package static func run<Result>(_ body: () throws -> Result) rethrows -> Result {
    let clock = VirtualClock()
    clock.start()
    clock.enterThread()
    defer { ThreadTime.current = nil }
    return try body()
  }

  /// From now on the threads of this clock are in virtual time: whoever else has to wake them has done so. Until then
  /// their time is that of everybody.
  package func start() { isRunning.store(true, ordering: .releasing) }

  /// Makes the calling thread one of this clock's, until it ends.
  package func enterThread() {
    if ThreadTime.current == nil { ThreadTime.current = ThreadTime(self) }
  }

  fileprivate var hasStarted: Bool { isRunning.load(ordering: .acquiring) }
}

/// The time of one thread.
final class ThreadTime {
  /// A look at the clock takes this long, so that a loop which spins until a moment gets there.
  private static let look: Int64 = 20

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { if let time = $0 { Unmanaged<ThreadTime>.fromOpaque(time).release() } }
    return key
  }()

  /// Of the calling thread; nil when its time is that of everybody.
  static var current: ThreadTime? {
    get { pthread_getspecific(key).map { Unmanaged<ThreadTime>.fromOpaque($0).takeUnretainedValue() } }
    set {
      if let old = pthread_getspecific(key) { Unmanaged<ThreadTime>.fromOpaque(old).release() }
      pthread_setspecific(key, newValue.map { Unmanaged.passRetained($0).toOpaque() })
    }
  }

  private let clock: VirtualClock
  private var moment: Int64?

  init(_ clock: VirtualClock) { self.clock = clock }

  /// The clock has started; virtual time begins with the moment at which this is seen first.
  var isVirtual: Bool {
    guard clock.hasStarted else { return false }
    if moment == nil { moment = SystemCalls.monotonicNow() }
    return true
  }

  /// Looks at the clock.
  func now() -> Int64 {
    let now = (moment ?? 0) + Self.look
    moment = now
    return now
  }

  /// A wait is over.
  func pass(until end: Int64) { moment = max(moment ?? 0, end) }
}
