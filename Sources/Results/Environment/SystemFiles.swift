internal import Glibc

/// Small files in which the kernel tells about itself.
struct SystemFiles {
  /// What all paths begin with: empty for this machine, another folder for tests.
  let root: String

  /// The content without white space at its end; nil when the file is missing or empty.
  func text(_ path: String) -> String? {
    guard var content = Self.read(root + path) else { return nil }
    while content.last?.isWhitespace == true { content.removeLast() }
    return content.isEmpty ? nil : content
  }

  /// The lines of a file; none when it is missing.
  func lines(_ path: String) -> [Substring] { (Self.read(root + path) ?? "").split(separator: "\n") }

  private static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return readToEnd(descriptor)
  }

  /// Everything that a descriptor gives until its end; at most a megabyte.
  static func readToEnd(_ descriptor: CInt) -> String? {
    var content: [UInt8] = []
    var buffer = Array(repeating: UInt8(0), count: 16384)
    while content.count < 1 << 20 {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return nil }
      if count == 0 { break }
      content += buffer[..<count]
    }
    return String(decoding: content, as: UTF8.self)
  }
}

extension Machine {
  /// The version of the C library that this process uses.
  static func libraryVersion() -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      guard let text = buffer.baseAddress, confstr(CInt(_CS_GNU_LIBC_VERSION), text, buffer.count) > 0
      else { return nil }
      return String(cString: text)
    }
  }
}
