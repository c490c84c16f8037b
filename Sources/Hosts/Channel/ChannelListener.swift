internal import CLinux
@preconcurrency internal import Glibc
internal import Runtime

/// Where a driver waits for its hosts: they arrive as channels once both sides have proved that they know the token.
///
/// Before that a connection costs little: at most 64 at a time (more wait in the kernel's queue), for 5 s and 4 KiB each;
/// then it is closed without an answer. Used by one thread at a time.
public final class ChannelListener {
  /// The port, also where any was asked for.
  public let port: UInt16
  /// Readable when ``accept()`` has something to do, for poll: an epoll descriptor over all that it looks at.
  public let descriptor: Int32

  private let listening: Int32
  private let alarm: Int32
  private let key: SharedKey
  private let patience: Int64
  private var strangers: [Stranger] = []
  private var isListening = true

  /// How many connections may be on their way in at a time.
  static let limit = 64

  /// Listens, on this address only.
  ///
  /// - Parameters:
  ///   - address: of this host; 0.0.0.0 or :: for all of its addresses. Port 0 takes any that is free.
  ///   - token: of the run.
  /// - Throws: when the address is not one of this host or the port is taken.
  public convenience init(_ address: HostAddress, token: RunToken) throws(HostFailure) {
    try self.init(address, token: token, patience: 5_000_000_000)
  }

  /// - Parameter patience: how long a connection may be on its way in, in nanoseconds.
  init(_ address: HostAddress, token: RunToken, patience: Int64) throws(HostFailure) {
    key = try SharedKey(token)
    self.patience = patience
    guard let target = SocketAddress.resolve(host: address.host, port: "\(address.port)").first else {
      throw HostFailure(.usage, "the address to listen on, '\(address.host)', is not known here")
    }
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let listening = socket(target.family, kind, 0)
    self.listening = listening
    SocketSettings.set(listening, SOL_SOCKET, SO_REUSEADDR, 1)
    let isBound = target.withPointer { bind(listening, $0, $1) } == 0 && listen(listening, 4096) == 0
    let reason = systemErrorText()
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    alarm = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC) | Int32(TFD_NONBLOCK))
    port = SocketName.own(of: listening)?.port ?? 0
    guard isBound, descriptor >= 0, alarm >= 0 else {
      throw HostFailure(
        .unavailable, "cannot listen on \(address): \(reason); give an address of this host and a free port, or port 0")
    }
    watch(listening, EPOLL_CTL_ADD, EPOLLIN.rawValue)
    watch(alarm, EPOLL_CTL_ADD, EPOLLIN.rawValue)
  }

  deinit {
    strangers = []
    for number in [descriptor, alarm, listening] where number >= 0 { close(number) }
  }

  /// How many connections are on their way in.
  var halfOpen: Int { strangers.count }

  /// Lets in who is there, without waiting.
  ///
  /// - Returns: those who know the token, and a sentence for each who was turned away.
  public func accept() -> (arrived: [Channel], refused: [String]) {
    var arrived: [Channel] = []
    var refused: [String] = []
    var count = 0
    while read(alarm, &count, 8) > 0 {}
    repeat {
      strangers.removeAll { stranger in
        switch stranger.advance() {
        case .waiting(let events):
          watch(stranger.stream.descriptor, EPOLL_CTL_MOD, events)
          return false
        case .arrived:
          // An epoll must not tell of it any more.
          watch(stranger.stream.descriptor, EPOLL_CTL_DEL, 0)
          arrived.append(Channel(stranger.stream, peer: stranger.peer))
        case .refused(let sentence): refused.append(sentence)
        }
        return true
      }
    } while acceptMore()
    watchForMore()
    return (arrived, refused)
  }

  /// Takes some from the kernel's queue; false when there are none or there is no place.
  private func acceptMore() -> Bool {
    var hasNew = false
    while strangers.count < Self.limit {
      let accepted = clinux_accept(listening)
      if accepted < 0 {
        if errno == EINTR || errno == ECONNABORTED { continue }
        break
      }
      SocketSettings.apply(to: accepted)
      let limit = monotonicNow() + patience
      guard let stranger = Stranger(accepted, key: key, until: limit) else { continue }
      watch(accepted, EPOLL_CTL_ADD, EPOLLIN.rawValue)
      strangers.append(stranger)
      hasNew = true
    }
    return hasNew
  }

  /// Wakes for further connections only while there is a place for them, and for the first that has had its time.
  private func watchForMore() {
    let hasPlace = strangers.count < Self.limit
    if hasPlace != isListening { watch(listening, EPOLL_CTL_MOD, hasPlace ? EPOLLIN.rawValue : 0) }
    isListening = hasPlace
    let moment = strangers.map(\.deadline).min() ?? 0
    var timer = itimerspec()
    timer.it_value = timespec(tv_sec: Int(moment / 1_000_000_000), tv_nsec: Int(moment % 1_000_000_000))
    timerfd_settime(alarm, Int32(TFD_TIMER_ABSTIME), &timer, nil)
  }

  private func watch(_ number: Int32, _ operation: Int32, _ events: UInt32) {
    var event = epoll_event()
    event.events = events
    event.data.fd = number
    epoll_ctl(descriptor, operation, number, &event)
  }
}
