internal import Glibc

/// Why results could not be stored or read, in one sentence for the user.
public struct ResultsFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// Which way of the data failed.
  public enum Kind: Sendable {
    /// Results could not be stored.
    case storing
    /// Stored results could not be read, or are damaged.
    case reading
  }

  /// Which way of the data failed.
  public let kind: Kind
  /// What is wrong, where, and what to do.
  public let message: String
  /// Makes a failure from a sentence.
  public init(_ message: String, kind: Kind = .storing) {
    self.message = message
    self.kind = kind
  }
  /// The message.
  public var description: String { message }

  /// Something wrong in a stored file, at a line from 1.
  init(_ path: String, line: Int, _ problem: String, remedy: String) {
    self.init("\(path):\(line): \(problem); \(remedy)", kind: .reading)
  }

  /// A file or folder that cannot be read, in the system's words for it.
  static func unreadable(_ path: String, errno code: CInt, remedy: String) -> ResultsFailure {
    ResultsFailure("cannot read \(path): \(text(of: code)); \(remedy)", kind: .reading)
  }

  /// A failed system call on a path, said in the words of its most frequent causes.
  init(_ action: String, _ path: String, errno code: CInt) {
    kind = .storing
    message =
      switch code {
      case ENOSPC: "disk full: cannot \(action) \(path); free some space or name another folder with --out"
      case EDQUOT: "disk quota reached: cannot \(action) \(path); free some space or name another folder with --out"
      case EFBIG: "file size limit reached: cannot \(action) \(path); raise the limit (ulimit -f) and run again"
      case EACCES, EPERM, EROFS:
        "cannot \(action) \(path): \(Self.text(of: code)); name a folder that you may write with --out"
      default: "cannot \(action) \(path): \(Self.text(of: code))"
      }
  }

  /// The system's words for an error number, in lower case as they stand inside a sentence.
  private static func text(of code: CInt) -> String {
    strerror(code).map { String(cString: $0).lowercased() } ?? "error \(code)"
  }
}
