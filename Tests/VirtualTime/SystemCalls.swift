@preconcurrency internal import Glibc

/// The functions of the C library that those below stand in front of.
enum SystemCalls {
  typealias ClockGetTime = @convention(c) (Int32, UnsafeMutablePointer<timespec>?) -> Int32
  typealias ClockNanosleep =
    @convention(c) (Int32, Int32, UnsafePointer<timespec>?, UnsafeMutablePointer<timespec>?) -> Int32
  typealias EpollWait =
    @convention(c) (
      Int32, UnsafeMutableRawPointer?, Int32, UnsafePointer<timespec>?, UnsafeRawPointer?
    ) -> Int32

  static let clockGetTime = unsafeBitCast(function("clock_gettime"), to: ClockGetTime.self)
  static let clockNanosleep = unsafeBitCast(function("clock_nanosleep"), to: ClockNanosleep.self)
  static let epollWait = unsafeBitCast(function("epoll_pwait2"), to: EpollWait.self)

  /// The next function of a name after the one in the test program.
  private static func function(_ name: String) -> UnsafeMutableRawPointer? {
    let next = UnsafeMutableRawPointer(bitPattern: -1)  // RTLD_NEXT
    return dlsym(next, name)
  }
}

/// The clock: that of the thread where it has one.
@_cdecl("clock_gettime")
func readClock(_ clock: Int32, _ time: UnsafeMutablePointer<timespec>?) -> Int32 {
  guard clock == CLOCK_MONOTONIC, let moment = VirtualTime.moment else { return SystemCalls.clockGetTime(clock, time) }
  moment.pointee += VirtualTime.look
  time?.pointee = timespec(nanoseconds: moment.pointee)
  return 0
}

/// A sleep until a moment: the moment has come.
@_cdecl("clock_nanosleep")
func sleepThread(
  _ clock: Int32, _ flags: Int32, _ until: UnsafePointer<timespec>?, _ left: UnsafeMutablePointer<timespec>?
) -> Int32 {
  guard clock == CLOCK_MONOTONIC, flags == TIMER_ABSTIME, let until, let moment = VirtualTime.moment else {
    return SystemCalls.clockNanosleep(clock, flags, until, left)
  }
  moment.pointee = max(moment.pointee, until.pointee.nanoseconds)
  return 0
}

/// A wait for descriptors: where none is ready, the time has passed. Without a limit it waits, for another thread.
@_cdecl("epoll_pwait2")
func waitForDescriptors(
  _ epoll: Int32, _ events: UnsafeMutableRawPointer?, _ capacity: Int32, _ limit: UnsafePointer<timespec>?,
  _ signals: UnsafeRawPointer?
) -> Int32 {
  guard let limit, let moment = VirtualTime.moment else {
    return SystemCalls.epollWait(epoll, events, capacity, limit, signals)
  }
  var none = timespec()
  let count = SystemCalls.epollWait(epoll, events, capacity, &none, signals)
  if count == 0 { moment.pointee += limit.pointee.nanoseconds }
  return count
}
