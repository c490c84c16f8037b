internal import Glibc

/// Reads the text of a scenario file.
enum SourceFile {
  /// The most bytes that a scenario file may have.
  static let maximumBytes = 1 << 20

  /// What is said of a file with more.
  static let tooLarge = "the file is larger than 1 MiB; a scenario has a few KiB at most"

  /// Why a file has no usable text, in a sentence.
  struct Failure: Error {
    let place: Problem.Place
    let message: String
  }

  /// The text of a file; pipes work too, so that a scenario can be generated.
  static func text(of path: String) throws(Failure) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= maximumBytes {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { break }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw unreadable(errno) }
      bytes += chunk[..<count]
    }
    return try text(from: bytes)
  }

  /// The text of bytes, if they are few enough and UTF-8; a byte order mark is dropped.
  static func text(from bytes: [UInt8]) throws(Failure) -> String {
    guard bytes.count <= maximumBytes else {
      throw Failure(place: .file, message: tooLarge)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(place: invalidPosition(in: bytes), message: "the text is not UTF-8; save the file as UTF-8")
    }
    return text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
  }

  private static func unreadable(_ code: Int32) -> Failure {
    let message =
      code == EISDIR
      ? "this is a directory; name a scenario file in it"
      : "cannot be read: \(String(cString: strerror(code)))"
    return Failure(place: .file, message: message)
  }

  /// Where the first byte is that belongs to no character.
  private static func invalidPosition(in bytes: [UInt8]) -> Problem.Place {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var (line, column) = (1, 1)
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
    }
    return .position(line: line, column: column)
  }
}
