/// What a statement does, as far as its words tell.
struct StatementNature {
  let kind: ScriptStatement.Kind
  let expectsRows: Bool
  /// Why a transaction script cannot have it; nil when it can.
  let refusal: String?

  /// - Parameter parts: the words of each of the statements that go out as one.
  init(_ parts: [[ReadStatement.Word]], store: String) {
    let natures = parts.filter { !$0.isEmpty }.map { (kind: Self.kind($0), words: $0) }
    let kinds = natures.map(\.kind)
    if kinds.contains(.begin) && kinds.contains(.commit) {
      kind = .write
    } else {
      kind = [.commit, .begin, .rollback, .write].first(where: kinds.contains) ?? .other
    }
    let verb = natures.last.flatMap { Self.verb($0.words) }
    expectsRows = ["UPDATE", "DELETE", "MERGE"].contains(verb)
    refusal = natures.lazy.compactMap { Self.refusal($0.words, store: store) }.first
  }

  private static let verbs: Set<String> = [
    "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "VALUES", "TABLE",
  ]
  private static let changes: Set<String> = ["INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"]

  /// The word that says what is done: behind the common table expressions.
  private static func verb(_ words: [ReadStatement.Word]) -> String? {
    guard let first = words.first else { return nil }
    if first.text != "WITH" { return first.text }
    return words.first { $0.depth == first.depth && verbs.contains($0.text) }?.text
  }

  private static func kind(_ words: [ReadStatement.Word]) -> ScriptStatement.Kind {
    let second = words.count > 1 ? words[1].text : ""
    switch words.first?.text {
    case "BEGIN": return .begin
    case "START": return second == "TRANSACTION" ? .begin : .other
    case "COMMIT": return second == "PREPARED" ? .write : .commit
    case "END": return .commit
    case "PREPARE": return second == "TRANSACTION" ? .commit : .other
    case "ROLLBACK": return words.contains { $0.text == "TO" || $0.text == "PREPARED" } ? .other : .rollback
    case "ABORT": return .rollback
    case "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "CALL", "DO", "EXECUTE": return .write
    case "WITH":
      let isChange = words.contains { $0.opensGroup && changes.contains($0.text) }
      return isChange || verb(words).map(changes.contains) == true ? .write : .other
    default: return .other
    }
  }

  private static func refusal(_ words: [ReadStatement.Word], store: String) -> String? {
    let second = words.count > 1 ? words[1].text : ""
    switch words.first?.text {
    case "CREATE", "DROP":
      if words.prefix(4).contains(where: { ["TEMP", "TEMPORARY"].contains($0.text) }) { return nil }
      return definition(words, second)
    case "ALTER", "TRUNCATE", "GRANT", "REVOKE", "RENAME", "REINDEX", "CLUSTER", "VACUUM":
      return definition(words, second)
    case "COPY":
      return
        "COPY cannot be used in a transaction: nothing would be sent to it; insert the rows, or fill tables in setup"
    case "USE" where store == "mariadb":
      return "USE would leave the database of the trial; name tables without a database"
    default: return nil
    }
  }

  private static func definition(_ words: [ReadStatement.Word], _ second: String) -> String {
    "\(words[0].text) \(second) belongs in setup, which runs once: behind '--@ setup:' or in the scenario's 'setup'"
  }
}
