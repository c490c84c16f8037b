internal import Glibc

/// Statements as texts that find their tables without a `search_path`, for sessions behind a pooler that hands
/// connections on from transaction to transaction: there nobody can rely on what was set or prepared before.
struct UnpreparedStatements: Sendable {
  /// Names and texts, ended by zeros.
  private let entries: [(name: [CChar], text: [CChar])]

  /// - Parameter namespace: the schema of the table `records`.
  init(_ statements: [Statement], namespace: String) {
    let table = "\"\(namespace)\".records"
    entries = statements.map { statement in
      let words = statement.description.split(separator: " ", omittingEmptySubsequences: false)
      let text = words.map { $0 == "records" ? table + " AS records" : String($0) }.joined(separator: " ")
      return (Array(String(cString: statement.name).utf8CString), Array(text.utf8CString))
    }
  }

  /// Calls a body with the text of a statement, which was among those given at the start.
  func withText<Result>(of statement: Statement, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    let index = entries.firstIndex { strcmp($0.name, statement.name) == 0 } ?? 0
    return entries[index].text.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
