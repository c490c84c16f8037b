internal import CLinux
@preconcurrency internal import Glibc
internal import Runtime

/// Whether a host reaches a server.
public enum Reachability {
  /// Milliseconds to wait for an answer.
  private static let patience: Int32 = 2000

  /// Opens a connection to an address and closes it: why that did not work, nil when it did. Blocks.
  public static func obstacle(to address: HostAddress) -> String? {
    let targets = SocketAddress.resolve(host: address.host, port: "\(address.port)")
    guard !targets.isEmpty else { return "the name is not known" }
    var reason = ""
    for target in targets {
      guard let failure = obstacle(to: target) else { return nil }
      reason = failure
    }
    return reason
  }

  private static func obstacle(to target: SocketAddress) -> String? {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(target.family, kind, 0)
    guard descriptor >= 0 else { return String(cString: strerror(errno)) }
    defer { close(descriptor) }
    if target.withPointer({ connect(descriptor, $0, $1) }) == 0 { return nil }
    guard errno == EINPROGRESS else { return String(cString: strerror(errno)) }
    var waited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    guard poll(&waited, 1, patience) > 0 else { return "no answer within 2 s" }
    var number: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &length)
    return number == 0 ? nil : String(cString: strerror(number))
  }
}
