/// A kind of server that can be managed, and whether its software is installed here.
public struct InstalledSoftware: Sendable, Equatable {
  /// Name of the service in scenario files.
  public let service: String
  /// Name of the software.
  public let software: String
  /// The Debian package that installs it.
  public let debianPackage: String
  /// Path of the server program; nil when it is not installed.
  public let program: String?
  /// Version of the server program; nil when it is not installed or does not tell.
  public let version: String?

  /// Looks for every server that we can start; an ensemble is of the same software, and embedded stores have none.
  /// Starts none; runs each program once with `--version`.
  ///
  /// - Parameter folders: where to look; nil for `PATH` and where packages install them.
  public static func survey(searching folders: [String]? = nil) -> [InstalledSoftware] {
    ManagedServers.single.filter { !$0.programs.isEmpty }.map { server in
      let folder = try? server.programFolder(searching: folders)
      return InstalledSoftware(
        service: server.service, software: server.software, debianPackage: server.debianPackage,
        program: folder.map { $0 + "/" + server.programs[0] }, version: folder.flatMap(server.installedVersion(in:)))
    }
  }
}
