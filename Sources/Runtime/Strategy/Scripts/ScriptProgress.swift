internal import Model
internal import Scripts

/// How far an attempt at a script has come.
struct ScriptProgress {
  /// Something is in the store for good.
  var hasStored = false
  /// What may be acknowledged is in the ledger as unknown.
  var hasAnnounced = false
  /// Statements are sent together.
  var isPipelined = false
  /// The last transaction block ended with a rollback, and nothing was stored since.
  var endedInRollback = false

  /// Whether the effect of the operation depends on the answer to a statement.
  func decides(_ kind: ScriptStatement.Kind, isInTransaction: Bool) -> Bool {
    switch kind {
    case .commit: isInTransaction
    case .write: !isInTransaction
    case .begin, .rollback, .other: false
    }
  }

  /// A statement was answered.
  mutating func noteEnd(_ kind: ScriptStatement.Kind) {
    switch kind {
    case .rollback: endedInRollback = true
    case .commit, .write: endedInRollback = false
    case .begin, .other: break
    }
  }
}

extension ScriptPlace {
  /// `book.sql:3:7`.
  var text: String { "\(source):\(line):\(column)" }
}
