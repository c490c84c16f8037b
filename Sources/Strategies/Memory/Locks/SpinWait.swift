internal import CLinux
@preconcurrency internal import Glibc

/// How a spinning lock waits: the processor's pause hint first, then the rest of the time slice to others.
///
/// Workers may outnumber processors. A waiter that never yields would then burn a whole time slice while the holder
/// waits for a processor.
struct SpinWait {
  private var pauses = 0

  /// Some 4 microseconds on processors where a pause takes 40 ns: several hand-overs between caches.
  private static var pausesBeforeYield: Int { 100 }

  /// Waits a moment before the caller looks again.
  @inline(__always) mutating func once() {
    if pauses < Self.pausesBeforeYield {
      pauses &+= 1
      clinux_pause()
    } else {
      sched_yield()
    }
  }
}
