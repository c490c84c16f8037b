#if ZooKeeper
internal import CZooKeeper
@preconcurrency internal import Glibc
internal import Runtime

/// The commands of four letters that a server answers in plain text (Administrator's Guide, "The Four Letter Words").
enum ServerCommand {
  /// How long to wait for a connection, and for an answer, in seconds.
  private static let patience = 2

  /// The answers of the servers that have one.
  static func answers(_ command: String, hosts: String) -> [String] {
    hosts.prefix { $0 != "/" }.split(separator: ",").compactMap { host in
      let parts = host.split(separator: ":")
      let text = parts.count == 2 ? answer(command, host: String(parts[0]), port: String(parts[1])) : ""
      return text.isEmpty ? nil : text
    }
  }

  private static func answer(_ command: String, host: String, port: String) -> String {
    let deadline = monotonicNow() &+ Int64(patience) * 1_000_000_000
    let addresses = SocketAddress.resolve(host: host, port: port)
    guard let descriptor = try? connectBlocking(to: addresses, until: deadline) else { return "" }
    defer { close(descriptor) }
    var patience = timeval(tv_sec: patience, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    let sent = send(descriptor, command, command.utf8.count, Int32(MSG_NOSIGNAL))
    guard sent == command.utf8.count else { return "" }
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
