#if MariaDB
@preconcurrency internal import Glibc
internal import Runtime

/// What a server calls itself when it greets.
enum ServerVersion {
  /// The version in the greeting that waits to be read: four bytes of length and number, protocol 10, a text ended by a
  /// zero. Nil when none is there.
  static func greeting(of socket: Int32) -> String? {
    var bytes = [UInt8](repeating: 0, count: 128)
    let count = recv(socket, &bytes, bytes.count, Int32(MSG_PEEK | MSG_DONTWAIT))
    guard count > 5, bytes[4] == 10 else { return nil }
    return String(decoding: bytes[5..<count].prefix { $0 != 0 }, as: UTF8.self)
  }

  /// What a server calls itself to whoever connects; nil when it does not say so within a second.
  static func ask(_ address: Address) -> String? {
    let addresses =
      address.socket.map { [SocketAddress.unix(path: $0)] }
      ?? SocketAddress.resolve(host: address.host ?? "localhost", port: "\(address.port)")
    guard let descriptor = try? connectBlocking(to: addresses, until: monotonicNow() + 1_000_000_000) else {
      return nil
    }
    defer { close(descriptor) }
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, 1000) > 0 ? greeting(of: descriptor) : nil
  }

  /// Why a server is refused by what it calls itself, for instance "8.0.36"; nil for MariaDB, whatever the build:
  /// "10.11.6-MariaDB-0+deb12u1", "5.5.5-10.5.8-MariaDB-log" for the eyes of old clients. As the library itself tells
  /// them apart (`mariadb_connection`).
  static func refusal(_ version: String) -> String? {
    if version.contains("MariaDB") || version.contains("-maria-") { return nil }
    return "services.mariadb names a server that is not MariaDB (version \(version), as of MySQL), whose locks "
      + "and errors differ: name a MariaDB server, or leave services.mariadb out and one is started"
  }
}
#endif
