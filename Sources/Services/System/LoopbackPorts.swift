internal import CLinux
internal import Glibc

/// TCP ports of the loopback interface, for servers that know no unix sockets.
enum LoopbackPorts {
  /// Below those that the kernel gives to outgoing connections (`ip_local_port_range`), so that none of these takes one
  /// between our test and the start of the server.
  private static let range = 20_000...32_000

  /// Another address of the loopback interface, where a proxy listens at the port of the server that it stands before.
  static let proxyHost = "127.0.0.2"

  /// Ports that nobody uses at this moment, all different.
  static func free(_ count: Int) throws(ServiceFailure) -> [Int] {
    var found: [Int] = []
    for _ in 0..<1_000 where found.count < count {
      let port = Int.random(in: range)
      if !found.contains(port) && isFree(port) { found.append(port) }
    }
    guard found.count == count else { throw ServiceFailure("no free port was found between 20000 and 32000") }
    return found
  }

  private static func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return withLoopbackAddress(port) { bind(descriptor, $0, $1) } == 0
  }
}

/// Lends the address of a port on 127.0.0.1 to a system call.
func withLoopbackAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
  address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
  return withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
  }
}

extension PrivateDirectory {
  /// The file by which the guard tells the driver which ports it has found.
  private static var portsName: String { "ports" }

  func writePorts(_ ports: [Int]) throws(ServiceFailure) {
    try write(ports.map(String.init).joined(separator: " "), to: Self.portsName)
  }

  /// The ports of the server in this directory.
  var ports: [Int] { (readFile(file(Self.portsName), limit: 128) ?? "").split(separator: " ").compactMap { Int($0) } }
}
