/// Software of servers that can be managed, and whether it is installed here.
public struct InstalledSoftware: Sendable, Equatable {
  /// Names of the services in scenario files that it serves: `redis` and `redlock`, for example, are both Redis.
  public let services: [String]
  /// Name of the software.
  public let software: String
  /// The Debian package that installs it.
  public let debianPackage: String
  /// Path of the server program; nil when it is not installed.
  public let program: String?
  /// Version of the server program; nil when it is not installed or does not tell.
  public let version: String?

  /// Looks for the software of every server that we can start, each once; an ensemble is of the same software, and embedded stores have none.
  /// Starts none; runs each program once with `--version`.
  ///
  /// - Parameter folders: where to look; nil for `PATH` and where packages install them.
  public static func survey(searching folders: [String]? = nil) -> [InstalledSoftware] {
    let servers = ManagedServers.single.filter { !$0.programs.isEmpty }
    return servers.indices.compactMap { index in
      let server = servers[index]
      guard servers.firstIndex(where: { $0.software == server.software }) == index else { return nil }
      let folder = try? server.programFolder(searching: folders)
      return InstalledSoftware(
        services: servers.filter { $0.software == server.software }.map(\.service), software: server.software,
        debianPackage: server.debianPackage, program: folder.map { $0 + "/" + server.programs[0] },
        version: folder.flatMap(server.installedVersion(in:)))
    }
  }
}
