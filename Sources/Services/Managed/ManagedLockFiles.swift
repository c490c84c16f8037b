internal import Model

/// Files that processes lock: no server, so all that is managed is the private directory that they lie in.
struct ManagedLockFiles: ManagedServer {
  let name = "lock-files"
  let software = "files"
  let debianPackage = ""
  /// Workers open the files themselves, so they are theirs.
  let account: String? = nil
  let programs: [String] = []
  let usualFolders: [String] = []
  let socketName = "lock-files"

  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command] { [] }
  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command] { [] }
  func settings(maximumClients: Int) -> [ServiceSetting] { [] }
  func isReady(_ member: Int, in directory: PrivateDirectory) -> Bool { true }
  func url(in directory: PrivateDirectory) -> String { "file://" + directory.path.percentEncoded }
  func version(in answer: String) -> String? { nil }

  let deathSignal: Int32 = 0
  let stopSignals: [(signal: Int32, patience: Duration)] = []
}
