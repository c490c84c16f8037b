internal import Glibc

/// Which process has a TCP connection of this machine, from what `/proc` tells (proc_net(5), proc_pid_fd(5)).
enum SocketOwner {
  /// Whether a process has the end of a connection that goes from one port of this machine to another.
  static func has(_ process: Int32, connectionFrom port: Int, to server: Int) -> Bool {
    guard let inode = inode(from: port, to: server) else { return false }
    let name = "socket:[\(inode)]"
    return namesOfFiles(in: "/proc/\(process)/fd").contains { target(of: "/proc/\(process)/fd/\($0)") == name }
  }

  /// The number of the socket at its beginning; programs that know IPv6 stand in the second table.
  private static func inode(from port: Int, to server: Int) -> Substring? {
    for table in ["tcp", "tcp6"] {
      for line in (readFile("/proc/self/net/\(table)", limit: 1 << 22) ?? "").split(separator: "\n").dropFirst() {
        let fields = line.split(separator: " ")
        if fields.count > 9, self.port(fields[1]) == port, self.port(fields[2]) == server { return fields[9] }
      }
    }
    return nil
  }

  /// From `0100007F:1F90`.
  private static func port(_ address: Substring) -> Int? {
    address.lastIndex(of: ":").flatMap { Int(address[address.index(after: $0)...], radix: 16) }
  }

  private static func target(of link: String) -> String {
    var bytes = [CChar](repeating: 0, count: 64)
    let length = readlink(link, &bytes, bytes.count)
    return length > 0 ? String(decoding: bytes[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
  }
}
