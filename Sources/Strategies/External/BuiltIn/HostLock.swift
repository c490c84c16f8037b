@preconcurrency internal import Glibc

/// A name that one process of this host has at a time: an abstract unix socket bound to it. It leaves no file, and the
/// kernel gives it back when its process ends.
final class HostLock {
  private let descriptor: Int32

  /// Takes the name; nil when somebody has it.
  init?(_ name: String) {
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // The first byte of an abstract name is zero.
    let length = withUnsafeMutableBytes(of: &address.sun_path) { path in
      let bytes = name.utf8.prefix(path.count - 1)
      UnsafeMutableRawBufferPointer(rebasing: path[1...]).copyBytes(from: bytes)
      return bytes.count
    }
    let size = socklen_t(MemoryLayout<sa_family_t>.size + 1 + length)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
    }
    if status != 0 {
      Glibc.close(descriptor)
      return nil
    }
  }

  deinit { close(descriptor) }
}
