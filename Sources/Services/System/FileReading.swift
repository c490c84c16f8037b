internal import Glibc

/// Reads at most the first `limit` bytes of a file, of `/proc` too; nil when it cannot be opened.
func readFile(_ path: String, limit: Int) -> String? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  return readText(from: descriptor, limit: limit)
}

/// Reads at most `limit` bytes up to the end of a file or pipe; bytes that are not UTF-8 are replaced.
func readText(from descriptor: CInt, limit: Int) -> String {
  readText(from: descriptor, limit: limit, until: nil) ?? ""
}

/// The same, but nil when the end does not come by `deadline`.
func readText(from descriptor: CInt, limit: Int, until deadline: ContinuousClock.Instant?) -> String? {
  var bytes = [UInt8](repeating: 0, count: limit)
  var length = 0
  while length < limit {
    if let deadline, !waitForInput(descriptor, until: deadline) { return nil }
    let count = bytes.withUnsafeMutableBytes { buffer in
      retryingInterrupted { read(descriptor, buffer.baseAddress?.advanced(by: length), limit - length) }
    }
    if count <= 0 { break }
    length += count
  }
  return String(decoding: bytes[..<length], as: UTF8.self)
}
