internal import Glibc

/// Why results could not be stored or read, in one sentence for the user.
public struct ResultsFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, where, and what to do.
  public let message: String
  /// Makes a failure from a sentence.
  public init(_ message: String) { self.message = message }
  /// The message.
  public var description: String { message }

  /// A failed system call on a path, said in the words of its most frequent causes.
  init(_ action: String, _ path: String, errno code: CInt) {
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
