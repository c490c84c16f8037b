internal import Glibc

/// A file of a results folder, read at once.
struct StoredFile {
  /// Where it is.
  let path: String
  /// Its content.
  let bytes: [UInt8]

  /// Reads a file; nil when there is none.
  init?(ifPresent path: String) throws(ResultsFailure) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 && errno == ENOENT { return nil }
    guard descriptor >= 0 else { throw Self.failure(path, errno) }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var buffer = Array(repeating: UInt8(0), count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure(path, errno) }
      if count == 0 { break }
      content += buffer[..<count]
    }
    self.path = path
    bytes = content
  }

  /// Reads a file that every results folder has.
  init(_ path: String) throws(ResultsFailure) {
    guard let file = try StoredFile(ifPresent: path) else { throw Self.failure(path, ENOENT) }
    self = file
  }

  /// The content as text.
  func text() throws(ResultsFailure) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Self.notUTF8(path, line: 1) }
    return text
  }

  /// The lines as text, without their ends.
  ///
  /// - Throws: when the file ends in the middle of a line.
  func lines() throws(ResultsFailure) -> [String] {
    var lines: [String] = []
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      guard let text = String(validating: line, as: UTF8.self) else {
        throw Self.notUTF8(path, line: lines.count + 1)
      }
      lines.append(text)
    }
    // What follows the last line feed is nothing, or a line that was cut off.
    guard lines.removeLast().isEmpty else { throw Self.cutOff(path, line: lines.count + 1) }
    return lines
  }

  /// A line without its end.
  static func cutOff(_ path: String, line: Int) -> ResultsFailure {
    ResultsFailure(
      path, line: line, "the file ends in the middle of this line",
      remedy: "copy the folder again, or delete the line if the run was cut off while it wrote")
  }

  static func notUTF8(_ path: String, line: Int) -> ResultsFailure {
    ResultsFailure(path, line: line, "not UTF-8 text", remedy: StoredRow.remedy)
  }

  private static func failure(_ path: String, _ code: CInt) -> ResultsFailure {
    .unreadable(path, errno: code, remedy: "copy the whole results folder again")
  }
}
