public import Hosts

/// How the hosts of a run come together.
public struct FleetSettings: Sendable {
  /// Who starts their agents.
  public enum Starter: Sendable {
    /// We do, on this machine.
    case local
    /// An engine, by commands that we start.
    case launcher(Launcher, hostList: [String])
    /// Somebody else; we print what to run.
    case nobody
  }

  /// Who starts the agents.
  public var starter: Starter
  /// Where the driver listens; nil for an address that is found by itself.
  public var listen: HostAddress?
  /// What agents must know.
  public var token: RunToken
  /// The file that holds the token, for the lines that are printed; nil when it is in none.
  public var tokenFile: String?
  /// Whether that file was made for this run and is to be removed at its end.
  public var ownsTokenFile = false
  /// How long to wait for hosts after the first one has come.
  public var patience: Duration
  /// Whether agents may be another executable of the same version.
  public var allowsOtherBuild: Bool
  /// This program's build.
  public var build: String
  /// The path of this program, as other hosts find it.
  public var path: String
  /// Tells the user what is waited for.
  public var tell: @Sendable (String) -> Void

  /// Agents that are started so.
  public init(
    _ starter: Starter, listen: HostAddress? = nil, token: RunToken, tokenFile: String? = nil,
    patience: Duration = .seconds(60), build: String, path: String, allowsOtherBuild: Bool = false,
    tell: @escaping @Sendable (String) -> Void
  ) {
    self.starter = starter
    self.listen = listen
    self.token = token
    self.tokenFile = tokenFile
    self.patience = patience
    self.build = build
    self.path = path
    self.allowsOtherBuild = allowsOtherBuild
    self.tell = tell
  }
}
