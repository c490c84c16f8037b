/// A statement that a session prepares when it opens and then runs by its name.
///
/// Literals only: their bytes live as long as the program and end with a zero, so libpq takes them as they are.
struct Statement: Sendable {
  private let nameLiteral: StaticString
  private let textLiteral: StaticString

  /// - Parameters:
  ///   - name: unique among the statements of a session.
  ///   - text: SQL over the table `records`, which the session finds through its `search_path`.
  init(_ name: StaticString, _ text: StaticString) {
    nameLiteral = name
    textLiteral = text
  }

  /// The name, ended by a zero.
  var name: UnsafePointer<CChar> { UnsafeRawPointer(nameLiteral.utf8Start).assumingMemoryBound(to: CChar.self) }
  /// The SQL, ended by a zero.
  var text: UnsafePointer<CChar> { UnsafeRawPointer(textLiteral.utf8Start).assumingMemoryBound(to: CChar.self) }
  /// The SQL for messages.
  var description: String { textLiteral.description }
}

/// Statements that several strategies use. Parameter `$1` is the record unless the text says otherwise.
extension Statement {
  /// States all that a role or a database may have set as default, because a session behind a pooler cannot.
  static var begin: Statement { Statement("begin", "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE") }
  static var commit: Statement { Statement("commit", "COMMIT") }
  static var rollback: Statement { Statement("rollback", "ROLLBACK") }
  static var read: Statement { Statement("read", "SELECT value FROM records WHERE id = $1") }
  static var readMany: Statement {
    Statement("read-many", "SELECT id, value FROM records WHERE id = ANY ($1::int4[])")
  }
  static var write: Statement { Statement("write", "UPDATE records SET value = $2 WHERE id = $1") }
}
