#if MariaDB
/// Names of what the scripts of a run have on the server.
enum ScriptDatabase {
  /// The database in which their tables are, and nothing else is.
  static func name(_ namespace: String) -> String { "\(namespace)_script" }
  /// The table of what checks have found while transactions ran; it is in the database of the run.
  static func findings(_ namespace: String) -> String { "`\(namespace)`.script_findings" }
  /// Both databases of the run, as a list of SQL.
  static func all(_ namespace: String) -> String { "('\(namespace)', '\(name(namespace))')" }
}
#endif
