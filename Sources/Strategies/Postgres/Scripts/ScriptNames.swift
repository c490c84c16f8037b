/// Names of what the scripts of a run have on the server.
enum ScriptNames {
  /// The schema in which their tables are, and nothing else is.
  static func schema(_ namespace: String) -> String { "\"\(namespace)_script\"" }
  /// The table of what checks have found while transactions ran.
  static func findings(_ namespace: String) -> String { "\"\(namespace)\".script_findings" }
  /// Made with the table `records`, empty at the start of each trial.
  static let tables: [(name: String, columns: String)] = [
    ("script_findings", "name text PRIMARY KEY, answer text NOT NULL")
  ]
}
