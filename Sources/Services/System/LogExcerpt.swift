internal import Glibc

/// The end of a server's log, to be put behind a message.
struct LogExcerpt {
  private let lines: [String]

  /// Reads the last lines of a file; none when it cannot be read.
  init(of path: String, lines count: Int = 12) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      lines = []
      return
    }
    defer { close(descriptor) }
    let limit = 8192
    let length = lseek(descriptor, 0, SEEK_END)
    lseek(descriptor, max(0, length - off_t(limit)), SEEK_SET)
    let text = readText(from: descriptor, limit: limit).split(separator: "\n").map(String.init)
    // The first line is cut unless the file was read from its start.
    lines = Array((length > limit ? text.dropFirst() : text[...]).suffix(count))
  }

  /// The lines, indented, each on a line of its own; empty when there are none.
  var text: String { lines.isEmpty ? "" : "; its log ends:" + lines.map { "\n  " + $0 }.joined() }
}
