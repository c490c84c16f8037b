public import CLinux
@preconcurrency internal import Glibc

/// Nanoseconds of CLOCK_MONOTONIC: one time line for all threads and processes of a host. About 22 ns a call.
@inlinable @inline(__always) public func monotonicNow() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
}

/// Spins until a moment; for waits too short for a timer.
public func spin(until deadline: Int64) {
  while monotonicNow() < deadline { clinux_pause() }
}

/// Blocks the calling thread until a moment.
func blockThread(until deadline: Int64) {
  var moment = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
  while clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &moment, nil) == EINTR {}
}
