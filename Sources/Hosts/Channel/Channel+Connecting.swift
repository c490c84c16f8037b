internal import CLinux
@preconcurrency internal import Glibc
internal import Runtime

extension Channel {
  /// Connects to a driver and proves that we know the token, as it must.
  ///
  /// A name that is not known yet, nobody who listens yet, and a driver that is busy are tried again, after 0.1 s at first
  /// and 2 s at last: those who are started together do not come up together. Blocks meanwhile.
  ///
  /// - Parameters:
  ///   - address: where the driver listens.
  ///   - token: the one of the run.
  ///   - deadline: a moment of CLOCK_MONOTONIC in nanoseconds.
  ///   - cancelled: asked about ten times a second.
  /// - Throws: when nobody answers until then, and at once when who answers does not know the token.
  public static func connect(
    to address: HostAddress, token: RunToken, until deadline: Int64, cancelled: () -> Bool
  ) throws(HostFailure) -> Channel {
    let key = try SharedKey(token)
    var gap: Int64 = 100_000_000
    var reason = ""
    while true {
      switch try attempt(address, key, until: deadline, cancelled) {
      case .connected(let channel): return channel
      case .failed(let why): reason = why
      }
      guard pause(gap, until: deadline, cancelled) else { break }
      gap = min(gap * 2, 2_000_000_000)
    }
    if cancelled() { throw HostFailure(.unavailable, "stopped before the driver at \(address) was reached") }
    throw HostFailure(
      .unavailable,
      "the driver at \(address) cannot be reached: \(reason); check its address, and that no firewall is between")
  }

  private enum Attempt {
    case connected(Channel)
    case failed(String)
  }

  private static func attempt(
    _ address: HostAddress, _ key: SharedKey, until deadline: Int64, _ cancelled: () -> Bool
  ) throws(HostFailure) -> Attempt {
    let addresses = SocketAddress.resolve(host: address.host, port: "\(address.port)")
    let now = monotonicNow()
    let descriptor: Int32
    do {
      descriptor = try connectBlocking(to: addresses, until: min(deadline, now + 2_000_000_000))
    } catch {
      switch error {
      case .unknownHost: return .failed("its name is not known")
      case .system(let number): return .failed(systemErrorText(number))
      case .late: return .failed("nobody answers")
      }
    }
    SocketSettings.apply(to: descriptor)
    let stream = try SecureStream(descriptor, key: key, isServer: false)
    // A driver at which a thousand arrive at once lets them wait.
    let limit = min(deadline, now + 10_000_000_000)
    while true {
      switch stream.shakeHands() {
      case .bytes:
        return .connected(Channel(stream, peer: SocketName.peer(of: descriptor)?.description ?? address.description))
      case .wantsInput: waitFor(descriptor, Int16(POLLIN))
      case .wantsRoom: waitFor(descriptor, Int16(POLLOUT))
      case .closed: return .failed("it has closed the connection")
      case .lost(let number): return .failed(systemErrorText(number))
      case .stranger:
        throw HostFailure(
          .refused, "the driver at \(address) does not know our token: give this worker the token of that very run")
      case .foreign:
        throw HostFailure(
          .refused, "what answers at \(address) is no driver of contend: check the address and the port")
      }
      if cancelled() || monotonicNow() >= limit { return .failed("it does not answer") }
    }
  }

  private static func waitFor(_ descriptor: Int32, _ events: Int16) {
    var entry = pollfd(fd: descriptor, events: events, revents: 0)
    _ = clinux_poll_ns(&entry, 1, 100_000_000)
  }

  /// Waits; false when there is no time for another attempt.
  private static func pause(_ gap: Int64, until deadline: Int64, _ cancelled: () -> Bool) -> Bool {
    let end = monotonicNow() + gap
    while true {
      let now = monotonicNow()
      if cancelled() || now >= deadline { return false }
      if now >= end { return true }
      usleep(UInt32((min(end, deadline, now + 100_000_000) - now) / 1000 + 1))
    }
  }
}
