internal import Glibc

/// Where programs are looked for.
enum ProgramFolders {
  /// The folders of `PATH`, then those of administrators, which are not in everybody's `PATH`.
  static var system: [String] {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    return path.split(separator: ":").map(String.init) + ["/usr/local/sbin", "/usr/sbin", "/sbin"]
  }
}

extension ManagedServer {
  /// The folder that holds all programs of the server.
  ///
  /// - Parameter folders: searched in order; nil for `PATH` and the usual folders of the software.
  func programFolder(searching folders: [String]? = nil) throws(ServiceFailure) -> String {
    if programs.isEmpty { return "/" }
    let found = (folders ?? ProgramFolders.system + usualFolders).first { folder in
      folder.hasPrefix("/") && programs.allSatisfy { access(folder + "/" + $0, X_OK) == 0 }
    }
    guard let found else {
      throw ServiceFailure("\(software) is not installed: apt-get install \(debianPackage)")
    }
    return found
  }

  /// Asks the program.
  func installedVersion(in folder: String) -> String? {
    if programs.isEmpty { return nil }
    return Command(path: folder + "/" + programs[0], arguments: [versionArgument]).output().flatMap { version(in: $0) }
  }
}
