internal import Glibc

/// The time left for poll(2), rounded up so that the wait does not end just before the deadline; 0 when it has passed.
func millisecondsLeft(until deadline: ContinuousClock.Instant) -> CInt {
  let left = ContinuousClock.now.duration(to: deadline)
  return left <= .zero ? 0 : CInt(clamping: Int((left / .milliseconds(1)).rounded(.up)))
}

/// Waits until there is something to read, or the end of it; false when `deadline` comes first.
func waitForInput(_ descriptor: CInt, until deadline: ContinuousClock.Instant) -> Bool {
  var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  return retryingInterrupted { poll(&entry, 1, millisecondsLeft(until: deadline)) } == 1
}
