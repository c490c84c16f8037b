@preconcurrency internal import Glibc

/// The functions of the C library that those below stand in front of.
enum SystemCalls {
  private typealias ClockGetTime = @convention(c) (Int32, UnsafeMutablePointer<timespec>?) -> Int32
  private typealias ClockNanosleep =
    @convention(c) (Int32, Int32, UnsafePointer<timespec>?, UnsafeMutablePointer<timespec>?) -> Int32
  private typealias EpollWait =
    @convention(c) (
      Int32, UnsafeMutableRawPointer?, Int32, UnsafePointer<timespec>?, UnsafeRawPointer?
    ) -> Int32

  private static let realClock = unsafeBitCast(function("clock_gettime"), to: ClockGetTime.self)
  private static let realSleep = unsafeBitCast(function("clock_nanosleep"), to: ClockNanosleep.self)
  private static let realWait = unsafeBitCast(function("epoll_pwait2"), to: EpollWait.self)

  /// The function of a name that comes after the one in the test program.
  private static func function(_ name: String) -> UnsafeMutableRawPointer? {
    dlsym(UnsafeMutableRawPointer(bitPattern: -1), name)  // RTLD_NEXT
  }

  static func clock(_ clock: Int32, _ time: UnsafeMutablePointer<timespec>?) -> Int32 { realClock(clock, time) }

  static func sleep(
    _ clock: Int32, _ flags: Int32, _ until: UnsafePointer<timespec>?, _ left: UnsafeMutablePointer<timespec>?
  ) -> Int32 { realSleep(clock, flags, until, left) }

  static func wait(
    _ epoll: Int32, _ events: UnsafeMutableRawPointer?, _ capacity: Int32, _ limit: UnsafePointer<timespec>?,
    _ signals: UnsafeRawPointer?
  ) -> Int32 { realWait(epoll, events, capacity, limit, signals) }

  static func monotonicNow() -> Int64 {
    var now = timespec()
    _ = realClock(CLOCK_MONOTONIC, &now)
    return now.nanoseconds
  }
}

/// How long a thread whose clock has not started waits before it looks again.
private let patience: Int64 = 1_000_000

/// The clock: that of the thread where it has one.
@_cdecl("clock_gettime")
func readClock(_ clock: Int32, _ time: UnsafeMutablePointer<timespec>?) -> Int32 {
  guard clock == CLOCK_MONOTONIC, let thread = ThreadTime.current, thread.isVirtual else {
    return SystemCalls.clock(clock, time)
  }
  time?.pointee = timespec(nanoseconds: thread.now())
  return 0
}

/// A sleep until a moment: the moment has come.
@_cdecl("clock_nanosleep")
func sleepThread(
  _ clock: Int32, _ flags: Int32, _ until: UnsafePointer<timespec>?, _ left: UnsafeMutablePointer<timespec>?
) -> Int32 {
  guard clock == CLOCK_MONOTONIC, flags == TIMER_ABSTIME, let until, let thread = ThreadTime.current else {
    return SystemCalls.sleep(clock, flags, until, left)
  }
  let end = until.pointee.nanoseconds
  while !thread.isVirtual {
    let now = SystemCalls.monotonicNow()
    if now >= end { return 0 }
    var soon = timespec(nanoseconds: min(end, now + patience))
    _ = SystemCalls.sleep(clock, flags, &soon, nil)
  }
  thread.pass(until: end)
  return 0
}

/// A wait for descriptors: where none is ready, the time has passed. Without a limit it waits, for another thread.
@_cdecl("epoll_pwait2")
func waitForDescriptors(
  _ epoll: Int32, _ events: UnsafeMutableRawPointer?, _ capacity: Int32, _ limit: UnsafePointer<timespec>?,
  _ signals: UnsafeRawPointer?
) -> Int32 {
  guard let limit, let thread = ThreadTime.current else {
    return SystemCalls.wait(epoll, events, capacity, limit, signals)
  }
  let end = (thread.isVirtual ? thread.now() : SystemCalls.monotonicNow()) + limit.pointee.nanoseconds
  while !thread.isVirtual {
    var soon = timespec(nanoseconds: max(0, min(end - SystemCalls.monotonicNow(), patience)))
    let count = SystemCalls.wait(epoll, events, capacity, &soon, signals)
    if count != 0 || SystemCalls.monotonicNow() >= end { return count }
  }
  var none = timespec()
  let count = SystemCalls.wait(epoll, events, capacity, &none, signals)
  if count == 0 { thread.pass(until: end) }
  return count
}

extension timespec {
  var nanoseconds: Int64 { Int64(tv_sec) * 1_000_000_000 + Int64(tv_nsec) }

  init(nanoseconds: Int64) {
    self.init(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
  }
}
