#if ZooKeeper
internal import CZooKeeper
@preconcurrency internal import Glibc

/// The commands of four letters that a server answers in plain text (Administrator's Guide, "The Four Letter Words").
enum ServerCommand {
  /// The answers of the servers that have one.
  static func answers(_ command: String, hosts: String) -> [String] {
    hosts.prefix { $0 != "/" }.split(separator: ",").compactMap { host in
      let parts = host.split(separator: ":")
      let text = parts.count == 2 ? answer(command, host: String(parts[0]), port: String(parts[1])) : ""
      return text.isEmpty ? nil : text
    }
  }

  private static func answer(_ command: String, host: String, port: String) -> String {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, port, &hints, &found) == 0, let address = found?.pointee else { return "" }
    defer { freeaddrinfo(found) }
    let descriptor = socket(address.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var patience = timeval(tv_sec: 2, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    guard connect(descriptor, address.ai_addr, address.ai_addrlen) == 0,
      send(descriptor, command, command.utf8.count, Int32(MSG_NOSIGNAL)) == command.utf8.count
    else { return "" }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while text.count < 65_536 {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count <= 0 { break }
      text += buffer[..<count]
    }
    return String(decoding: text, as: UTF8.self)
  }
}
#endif
