internal import Glibc

/// A file that grows by whole lines: an append that fails leaves it as it was.
final class AppendOnlyFile {
  /// Where the file is.
  let path: String
  /// Bytes of the lines that were written completely.
  private(set) var length: off_t = 0
  private let descriptor: CInt

  /// Makes the file and writes its first lines; it must not exist, so that two runs never share one.
  init(creating path: String, header: String) throws(ResultsFailure) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
    if descriptor < 0 {
      throw errno == EEXIST
        ? ResultsFailure("\(path) exists already: another run writes to this folder; name a new folder with --out")
        : ResultsFailure("create", path, errno: errno)
    }
    do throws(ResultsFailure) {
      try append(header)
    } catch {
      unlink(path)
      throw error
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Adds text, which ends with a line feed; all of it or nothing.
  func append(_ text: String) throws(ResultsFailure) {
    guard !text.isEmpty else { return }
    let failure = Self.writeAll(text, to: descriptor)
    guard failure == 0 else {
      truncate(to: length)
      throw ResultsFailure("write", path, errno: failure)
    }
    length += off_t(text.utf8.count)
  }

  /// Takes back what was added after the file had this length.
  func truncate(to former: off_t) {
    // Should even this fail, then the last line stays incomplete: there is nothing better to do, and the failure
    // that led here is reported.
    while ftruncate(descriptor, former) != 0 && errno == EINTR {}
    length = former
  }

  /// Waits until the content is on the disk.
  func synchronize() throws(ResultsFailure) {
    while fdatasync(descriptor) != 0 {
      // Pipes and some special file systems cannot be synchronised: then there is nothing to wait for.
      if errno == EINVAL || errno == ENOTSUP { return }
      if errno != EINTR { throw ResultsFailure("write", path, errno: errno) }
    }
  }

  /// Writes all bytes in as few calls as the kernel allows; 0 or the error number.
  static func writeAll(_ text: String, to descriptor: CInt) -> CInt {
    var text = text
    return text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let written = write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        if written >= 0 { done += written } else if errno != EINTR { return errno }
      }
      return 0
    }
  }
}
