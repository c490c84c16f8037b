internal import CLinux
@preconcurrency internal import Glibc
internal import Runtime

extension Channel {
  /// Waits until something has arrived, here or on one of the other descriptors; while something is unsent, also until
  /// there is room for some of it.
  ///
  /// - Parameters:
  ///   - deadline: a moment of CLOCK_MONOTONIC in nanoseconds.
  ///   - descriptors: further ones to be watched for reading.
  /// - Returns: whether there is something; false at the moment, or when a signal has interrupted it.
  @discardableResult
  public func wait(until deadline: Int64, also descriptors: [Int32] = []) -> Bool {
    if hasPending || descriptor < 0 { return true }
    let events = Int16(POLLIN) | (hasUnsent ? Int16(POLLOUT) : 0)
    var entries = [pollfd(fd: descriptor, events: events, revents: 0)]
    entries += descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let left = max(0, deadline.subtractingReportingOverflow(monotonicNow()).partialValue)
    return clinux_poll_ns(&entries, UInt32(entries.count), left) > 0
  }

  /// Blocks until all is sent.
  ///
  /// - Parameter deadline: a moment of CLOCK_MONOTONIC in nanoseconds.
  /// - Throws: when the connection is lost, or the other side has not read all by then.
  public func drain(until deadline: Int64) throws(HostFailure) {
    while true {
      try flush()
      guard hasUnsent else { return }
      let left = deadline - monotonicNow()
      guard left > 0 else {
        throw HostFailure(.unavailable, "\(peer) has not read \(unsentBytes) bytes in time: look whether it still runs")
      }
      var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = clinux_poll_ns(&entry, 1, left)
    }
  }
}
