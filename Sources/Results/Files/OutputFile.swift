internal import Glibc

/// Files that a user asked for by name, outside of results folders.
public enum OutputFile {
  /// Writes a file beside its place and renames it; an existing one of that name is replaced.
  ///
  /// - Throws: when it cannot be written; then what was there before still is.
  public static func write(_ bytes: [UInt8], to path: String) throws(ResultsFailure) {
    try WholeFile.write(bytes, to: path)
  }

  /// Appends to a file, which is made when there is none.
  ///
  /// - Throws: when it cannot be written.
  public static func append(_ bytes: [UInt8], to path: String) throws(ResultsFailure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw ResultsFailure("open", path, errno: errno) }
    let failure = WholeFile.writeAll(bytes, to: descriptor)
    close(descriptor)
    guard failure == 0 else { throw ResultsFailure("write", path, errno: failure) }
  }
}
