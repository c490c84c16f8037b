internal import FoundationEssentials

/// What a result depends on besides the scenario: machine, versions, settings. The content of `environment.json`.
///
/// In the file, names are in snake case and carry their units; what could not be found out is left out.
public struct Environment: Sendable, Equatable, Codable {
  /// Version of the file's structure.
  public var schemaVersion = Results.schemaVersion
  /// Id of the run.
  public var runId: String
  /// When the run began, RFC 3339.
  public var startedAt: String
  /// Our own program.
  public var contend: Program
  /// The scenario file.
  public var scenario: ScenarioSource
  /// The hardware and the kernel.
  public var machine: Machine
  /// What the machine was doing when the run began.
  public var loadAtStart: MachineLoad
  /// Servers, by service name.
  public var services: [String: Service]

  /// Our own program and how it was called.
  public struct Program: Sendable, Equatable, Codable {
    /// Version of Contend.
    public var version: String
    /// Version of the Swift compiler.
    public var swiftVersion: String
    /// `release` or `debug`.
    public var configuration: String
    /// The command line, credentials removed.
    public var arguments: [String]
    /// Seed of the run.
    public var seed: UInt64
    /// Makes a description; `arguments` may hold credentials, which are removed.
    public init(version: String, swiftVersion: String, configuration: String, arguments: [String], seed: UInt64) {
      self.version = version
      self.swiftVersion = swiftVersion
      self.configuration = configuration
      self.arguments = arguments.map(Redaction.redacted)
      self.seed = seed
    }
  }

  /// Where the scenario comes from.
  public struct ScenarioSource: Sendable, Equatable, Codable {
    /// Path as it was given.
    public var path: String
    /// SHA-256 of the file's bytes, hexadecimal.
    public var sha256: String
    /// State of the git repository that the file is in; nil when there is none.
    public var git: GitState?
  }

  /// A server.
  public struct Service: Sendable, Equatable, Codable {
    /// Version that the server reports.
    public var version: String
    /// Where it is, without credentials: `managed` or a URL.
    public var location: String
    /// Settings that matter, by the server's own names.
    public var settings: [String: String]
    /// Makes a description; `location` must not hold credentials.
    public init(version: String, location: String, settings: [String: String]) {
      self.version = version
      self.location = location
      self.settings = settings
    }
  }

  /// The content of `environment.json`.
  func json() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    // Encoding fails for numbers that JSON does not have, and the probes only give finite ones.
    let data = (try? encoder.encode(self)) ?? Data("{}".utf8)
    return Array(data) + [UInt8(ascii: "\n")]
  }
}
