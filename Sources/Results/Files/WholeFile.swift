internal import CLinux
internal import Glibc

/// Files that are written in one go, without a name until they are whole, so that nobody ever sees half of one, and
/// nothing is left of it when this process is killed.
public enum WholeFile {
  /// Writes a file; an existing one of that name is replaced.
  static func write(_ bytes: [UInt8], to path: String) throws(ResultsFailure) {
    let beside = path + ".partial"
    let nameless = clinux_open_nameless(folder(of: path), 0o644)
    // Some file systems have only files with names.
    let descriptor = nameless >= 0 ? nameless : open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw ResultsFailure("create", path, errno: errno) }
    var failure = writeAll(bytes, to: descriptor)
    if failure == 0 && fsync(descriptor) != 0 && errno != EINVAL { failure = errno }
    if failure == 0,
      (nameless >= 0 ? clinux_give_name("/proc/self/fd/\(nameless)", path, beside) : rename(beside, path)) != 0
    {
      failure = errno
    }
    close(descriptor)
    guard failure == 0 else {
      if nameless < 0 { unlink(beside) }
      throw ResultsFailure("write", path, errno: failure)
    }
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  /// Writes a text; an existing file of that name is replaced.
  public static func write(_ text: String, to path: String) throws(ResultsFailure) {
    try write(Array(text.utf8), to: path)
  }

  /// Makes a folder with everything above it; one that is there is left as it is.
  public static func makeFolder(_ path: String) throws(ResultsFailure) {
    var ends = path.indices.filter { path[$0] == "/" && $0 != path.startIndex }
    ends.append(path.endIndex)
    for end in ends where mkdir(String(path[..<end]), 0o755) != 0 && errno != EEXIST {
      throw ResultsFailure("create", String(path[..<end]), errno: errno)
    }
  }

  /// Writes all bytes; 0 or the error number.
  static func writeAll(_ bytes: [UInt8], to descriptor: CInt) -> CInt {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let written = Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        if written >= 0 { done += written } else if errno != EINTR { return errno }
      }
      return 0
    }
  }
}
