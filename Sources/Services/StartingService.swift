/// A server on its way up. Several can start at the same time; each is then waited for.
final class StartingService {
  let server: any ManagedServer
  let serverVersion: String
  let settings: [ServiceSetting]
  let preparation: ServerPreparation
  let guardProcess: GuardProcess

  /// Finds the programs and starts the guard, which starts the server.
  ///
  /// - Parameter upstreamDirectory: private directory of the server in front of which it stands; empty for most.
  init(
    _ server: any ManagedServer, upstreamDirectory: String = "", _ options: LaunchOptions
  ) throws(ServiceFailure) {
    let folder = try server.programFolder(searching: options.programFolders)
    self.server = server
    preparation = options.preparations[server.service] ?? []
    if preparation.contains(.ownClock) { _ = try ServerClock.library() }
    settings = server.settings(maximumClients: options.maximumClients)
    let arguments = GuardArguments(
      service: server.name, maximumClients: options.maximumClients, programFolder: folder,
      upstreamDirectory: upstreamDirectory, preparation: preparation, parents: options.parents)
    guardProcess = try GuardProcess(executable: options.guardExecutable, arguments)
    // Asked while the server starts: it takes as long as Redis needs to be ready.
    serverVersion = server.installedVersion(in: folder) ?? "unknown"
  }

  /// Returns the private directory once the server answers. On a failure nothing is left of it.
  func waitUntilReady() throws(ServiceFailure) -> PrivateDirectory {
    // The guard's own limits come first: this one is for a guard that was itself stopped.
    let deadline = ContinuousClock.now + .seconds(90)
    while let message = guardProcess.nextMessage(until: deadline) {
      switch message {
      case .directory, .ended, .killed: continue
      case .ready:
        if let directory = guardProcess.directory { return directory }
      case .failed(let reason):
        guardProcess.stop()
        throw ServiceFailure(reason)
      }
    }
    guardProcess.stop()
    throw ServiceFailure("\(server.software) did not start: its guard process ended or does not answer")
  }
}
