import Glibc
import Model

/// A unix socket that answers every connection with the same bytes and closes it; nil for silence. One that greets speaks
/// first.
final class FakeServer: Sendable {
  let path: String
  private let listener: Int32
  private let isSilent: Bool
  var url: String { "unix://" + path }

  convenience init(answer: String?) throws { try self.init(answer.map { Array($0.utf8) }, greets: false) }

  convenience init(greeting: [UInt8]) throws { try self.init(greeting, greets: true) }

  private init(_ answer: [UInt8]?, greets: Bool) throws {
    isSilent = answer == nil
    path = "/tmp/contend-test-\(UInt32.random(in: 0 ... .max)).sock"
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    listener = descriptor
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0, listen(descriptor, 16) == 0 else { throw SetupFailure("cannot listen at \(path)") }
    guard let answer else { return }
    _ = try BackgroundThread { Self.serve(descriptor, answer, greets: greets) }
  }

  /// Answers until the listener is shut down, then closes it. Nobody else may: the number would go to the next server,
  /// whose connections this thread would take.
  private static func serve(_ listener: Int32, _ answer: [UInt8], greets: Bool) {
    defer { close(listener) }
    while true {
      let client = accept(listener, nil, nil)
      guard client >= 0 else { return }
      if !answer.isEmpty {
        var request = [UInt8](repeating: 0, count: 256)
        if greets { _ = send(client, answer, answer.count, Int32(MSG_NOSIGNAL)) }
        _ = recv(client, &request, request.count, 0)
        if !greets { _ = send(client, answer, answer.count, Int32(MSG_NOSIGNAL)) }
      }
      close(client)
    }
  }

  /// A TCP port of 127.0.0.1 where nothing listens.
  static func unusedPort() throws -> Int {
    let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(probe) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return try withUnsafeMutablePointer(to: &address) {
      try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        guard bind(probe, $0, size) == 0, getsockname(probe, $0, &size) == 0 else {
          throw SetupFailure("no free port")
        }
      }
      return Int(UInt16(bigEndian: $0.pointee.sin_port))
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    if isSilent { close(listener) }
    unlink(path)
  }
}
