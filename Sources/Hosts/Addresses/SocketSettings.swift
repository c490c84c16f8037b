@preconcurrency internal import Glibc

/// How every connection between hosts is set up.
enum SocketSettings {
  /// How long sent bytes may stay without an answer, in milliseconds: then the other host counts as lost.
  static let patience: Int32 = 15_000

  /// Sends at once, notices a host that has gone within ``patience`` also while nothing is sent, and never blocks.
  static func apply(to descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    let tcp = Int32(IPPROTO_TCP)
    set(descriptor, tcp, TCP_NODELAY, 1)
    set(descriptor, tcp, TCP_USER_TIMEOUT, patience)
    set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
    set(descriptor, tcp, TCP_KEEPIDLE, 5)
    set(descriptor, tcp, TCP_KEEPINTVL, 5)
  }

  /// Sets one option. One that the kernel does not know is done without.
  static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
    var value = value
    setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }
}
