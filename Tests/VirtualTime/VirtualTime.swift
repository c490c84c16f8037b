@preconcurrency internal import Glibc

/// Time that belongs to a thread and passes only while the thread waits: what sleeps for an hour takes no time at all,
/// and as long as to the microsecond.
///
/// The functions of the C library by which the harness reads the clock and waits are replaced in the test program alone:
/// ``SystemCalls.swift``. Nothing in the harness knows of it, so nothing in it pays for it.
///
/// A thread that is in virtual time works by itself: it may be woken by another thread, but whatever else happens outside
/// of it, a server's answer for instance, happens without any time passing.
package enum VirtualTime {
  /// A look at the clock takes this long, so that a loop which spins until a moment gets there.
  static let look: Int64 = 20

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { $0?.assumingMemoryBound(to: Int64.self).deallocate() }
    return key
  }()

  /// The time of the calling thread in nanoseconds of the monotonic clock; nil when it is that of everybody.
  static var moment: UnsafeMutablePointer<Int64>? {
    pthread_getspecific(key)?.assumingMemoryBound(to: Int64.self)
  }

  /// From now on the calling thread is in virtual time, which begins with the present moment.
  package static func enterThread() {
    guard moment == nil else { return }
    var now = timespec()
    _ = SystemCalls.clockGetTime(CLOCK_MONOTONIC, &now)
    let moment = UnsafeMutablePointer<Int64>.allocate(capacity: 1)
    moment.initialize(to: now.nanoseconds)
    pthread_setspecific(key, moment)
  }

  /// Calls something in virtual time.
  package static func run<Result>(_ body: () throws -> Result) rethrows -> Result {
    enterThread()
    defer {
      moment?.deallocate()
      pthread_setspecific(key, nil)
    }
    return try body()
  }
}

extension timespec {
  var nanoseconds: Int64 { Int64(tv_sec) * 1_000_000_000 + Int64(tv_nsec) }

  init(nanoseconds: Int64) {
    self.init(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
  }
}
