@preconcurrency internal import Glibc
public import Model

/// Finds the program that a scenario names.
enum ProgramSearch {
  /// Why there is none, and what to do.
  struct Failure: Error {
    let message: String
  }

  /// Its path: of a name with a slash, below the folder of the scenario or below the current one; of another, in `PATH`.
  ///
  /// - Parameters:
  ///   - name: the first word of the command; `contend` means this program itself.
  ///   - scenario: path of the scenario file.
  ///   - insists: whether it must be there; what is only read again was there when it ran.
  static func path(of name: String, scenario: String, insists: Bool) throws(Failure) -> String {
    if name == AdapterSettings.ownProgram { return "/proc/self/exe" }
    let folder = scenario.lastIndex(of: "/").map { String(scenario[..<$0]) } ?? "."
    let candidates =
      name.hasPrefix("/")
      ? [name] : name.contains("/") ? ["\(folder)/\(name)", name] : searchPath.map { "\($0)/\(name)" }
    let found = candidates.first { isFile($0) }
    guard let found else {
      if !insists { return name }
      if let place = candidates.first(where: { access($0, F_OK) == 0 }), name.contains("/") {
        throw Failure(message: "\(place.quotedForMessage) is a folder; state a program in it")
      }
      let places = name.contains("/") ? "below the folder of this file, nor below the current one" : "in PATH"
      throw Failure(
        message: "there is no program \(name.quotedForMessage) \(places); state where it is, such as ./my-lock")
    }
    guard access(found, X_OK) == 0 || !insists else {
      throw Failure(
        message: "\(found.quotedForMessage) is not executable; chmod +x it, or state what runs it, such as "
          + "[python3, \(found)]")
    }
    return absolute(found)
  }

  private static var searchPath: [String] {
    let value = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    return value.split(separator: ":").map(String.init)
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let current = getcwd(nil, 0) else { return path }
    defer { free(current) }
    return "\(String(cString: current))/\(path)"
  }
}

/// Why a program that a command line names cannot be run.
public struct ProgramProblem: Error {
  /// What is wrong, and what to do.
  public let message: String

  /// Finds the program of a command, as a scenario in the current folder would name it.
  public static func settings(of command: [String]) throws(ProgramProblem) -> AdapterSettings {
    let words = command.count == 1 ? CommandWords.split(command[0]) ?? command : command
    do throws(ProgramSearch.Failure) {
      return AdapterSettings(
        command: words, program: try ProgramSearch.path(of: words.first ?? "", scenario: "./", insists: true))
    } catch {
      throw ProgramProblem(message: error.message)
    }
  }
}
