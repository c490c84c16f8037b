internal import CLinux
@preconcurrency internal import Glibc

/// A file without a name: whoever dies, nothing of it is left.
public enum NamelessFile {
  /// Opens an empty one for reading and writing.
  ///
  /// - Parameter folder: where there is room for it; must exist.
  /// - Returns: its descriptor, which the caller closes; -1 with `errno` when there is none to be had.
  public static func open(in folder: String) -> Int32 {
    let nameless = clinux_open_nameless(folder, 0o600)
    return nameless >= 0 ? nameless : openUnlinked(folder)
  }

  /// For file systems that know only files with names.
  private static func openUnlinked(_ folder: String) -> Int32 {
    var name = Array("\(folder)/contend-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    if descriptor >= 0 {
      unlink(name)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
    return descriptor
  }
}
