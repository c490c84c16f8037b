internal import CLinux
@preconcurrency internal import Glibc
internal import Runtime

/// Where a host listens: a name or an address, and a port.
public struct HostAddress: Sendable, Equatable, CustomStringConvertible {
  /// A name, an IPv4 or an IPv6 address without brackets.
  public let host: String
  /// The port; 0 to listen on any that is free.
  public let port: UInt16

  /// Makes an address of its parts.
  public init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// Reads `name:port`, `1.2.3.4:0` or `[::1]:7117`.
  ///
  /// - Throws: when the host or the port is missing or cannot be one.
  public init(_ text: String) throws(HostFailure) {
    let wanted = "write HOST:PORT, as in 10.0.0.1:7117, node1:7117 or [fd00::1]:7117"
    guard let colon = text.lastIndex(of: ":") else { throw HostFailure(.usage, "'\(text)' has no port: \(wanted)") }
    var name = text[..<colon]
    let digits = text[text.index(after: colon)...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(digits) else {
      throw HostFailure(.usage, "the port in '\(text)' is no number from 0 to 65535: \(wanted)")
    }
    if name.hasPrefix("["), name.hasSuffix("]") {
      name = name.dropFirst().dropLast()
    } else if name.contains(":") {
      throw HostFailure(.usage, "the IPv6 address in '\(text)' needs brackets: \(wanted)")
    }
    let isPlain = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 > " " }
    guard !name.isEmpty, isPlain, !name.contains("["), !name.contains("]") else {
      throw HostFailure(.usage, "'\(text)' names no host: \(wanted)")
    }
    host = String(name)
    self.port = port
  }

  /// As it is read.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Our own address on the way to a host, by which that host can reach us.
  ///
  /// Asks the kernel for the route; nothing is sent but the question for the name.
  ///
  /// - Throws: when the name is not known or no way leads there.
  public static func local(towards host: String) throws(HostFailure) -> String {
    // Any port: discard, which nobody serves.
    let addresses = SocketAddress.resolve(host: host, port: "9")
    guard !addresses.isEmpty else {
      throw HostFailure(
        .unavailable, "the host '\(host)' is not known here: check its name, or give --listen ADDR:PORT")
    }
    for address in addresses {
      let descriptor = socket(address.family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      let status = address.withPointer { connect(descriptor, $0, $1) }
      if status == 0, let own = SocketName.own(of: descriptor) { return own.host }
    }
    throw HostFailure(
      .unavailable, "no route leads to the host '\(host)': \(systemErrorText()); or give --listen ADDR:PORT")
  }
}

extension SocketAddress {
  /// Lends the address in the form of the system's calls.
  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Result) -> Result {
    bytes.withUnsafeBytes { body($0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count)) }
  }
}
