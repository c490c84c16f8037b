internal import Model

/// SQLite: a library and not a server, so all that is managed is the private directory of the database file.
struct ManagedSQLite: ManagedServer {
  let name = "sqlite"
  let software = "SQLite"
  let debianPackage = "libsqlite3-0"
  /// Workers open the file themselves, so it is theirs.
  let account: String? = nil
  let programs: [String] = []
  let usualFolders: [String] = []
  let socketName = "contend.db"

  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command] { [] }
  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command] { [] }
  func settings(maximumClients: Int) -> [ServiceSetting] { [] }
  func isReady(_ member: Int, in directory: PrivateDirectory) -> Bool { true }
  func url(in directory: PrivateDirectory) -> String { "file://" + directory.file(socketName).percentEncoded }
  func version(in answer: String) -> String? { nil }

  let deathSignal: CInt = 0
  let stopSignals: [(signal: CInt, patience: Duration)] = []
}
