internal import Glibc

/// How private servers are started.
public struct LaunchOptions: Sendable {
  /// Most connections that a server accepts.
  public var maximumClients = 128
  /// The program that is run as `GUARD guard ...` and calls ``ServiceGuard/run(_:)``.
  public var guardExecutable = "/proc/self/exe"
  /// Where private directories are created. `/tmp` is tried next, because a server's account may not be allowed to
  /// write here, and the path of a unix socket must be short.
  public var temporaryDirectory = LaunchOptions.defaultTemporaryDirectory
  /// Folders to look for server programs in; nil for `PATH` and where packages install them.
  public var programFolders: [String]?
  /// What services are to be started with beyond what they need, by name.
  public var preparations: [String: ServerPreparation] = [:]

  /// All defaults.
  public init() {}

  /// `TMPDIR` if it is an absolute path, else `/tmp`.
  public static var defaultTemporaryDirectory: String {
    guard let text = getenv("TMPDIR").map({ String(cString: $0) }), text.hasPrefix("/") else { return "/tmp" }
    return text
  }

  /// The parents of a private directory, best first.
  var parents: [String] { temporaryDirectory == "/tmp" ? ["/tmp"] : [temporaryDirectory, "/tmp"] }
}
