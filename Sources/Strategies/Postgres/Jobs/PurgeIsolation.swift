/// At which level a purge deletes.
enum PurgeIsolation: String, CaseIterable {
  case readCommitted = "read-committed"
  case repeatableRead = "repeatable-read"
  case serializable

  var begin: Statement {
    switch self {
    case .readCommitted: .begin
    case .repeatableRead: RepeatableRead.begin
    case .serializable: Serializable.begin
    }
  }
}
