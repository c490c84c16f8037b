#if SQLite
internal import CSQLite
@preconcurrency internal import Glibc

/// The database file of a user's scripts, beside that of the records.
struct ScriptFile: Sendable {
  /// As SQLite opens it.
  let url: String
  /// The table of what checks have found while transactions ran, quoted; it is in the file of the records.
  let findings: String

  /// - Parameter records: the URL of the file of the records.
  init(besides records: String, namespace: String) {
    let end = records.firstIndex(of: "?") ?? records.endIndex
    url = records[..<end] + "-\(namespace)_script" + records[end...]
    findings = "\"\(namespace)_script_findings\""
  }

  /// Removes the file and what SQLite keeps beside it. The path is that which SQLite has made of the URL.
  static func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
  }
}
#endif
