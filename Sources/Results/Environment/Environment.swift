internal import FoundationEssentials
internal import Model

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
    /// The command line: the program without its folder, and what follows without credentials.
    public var arguments: [String]
    /// Seed of the run.
    public var seed: UInt64
    /// Makes a description; `arguments` may hold credentials, which are removed.
    public init(version: String, swiftVersion: String, configuration: String, arguments: [String], seed: UInt64) {
      self.version = version
      self.swiftVersion = swiftVersion
      self.configuration = configuration
      let name = arguments.prefix(1).map { String($0.split(separator: "/").last ?? "") }
      self.arguments = name + arguments.dropFirst().map(Redaction.argument)
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

extension Environment {
  /// Reads `environment.json` of a folder; nil when it is missing. Keys that it does not have are unknown: empty or nil.
  init?(folder: String) throws(ResultsFailure) {
    guard let file = try StoredFile(ifPresent: folder + "/environment.json") else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let environment = try? decoder.decode(Environment.self, from: Data(file.bytes)) else {
      throw ResultsFailure(
        file.path, line: 1, "not the JSON of an environment that contend wrote", remedy: StoredRow.remedy)
    }
    self = environment
  }
}

// Decoding passes over missing keys, so that results of earlier versions stay readable.

extension KeyedDecodingContainer {
  /// A value; the default when the key is missing.
  func value<Value: Decodable>(_ key: Key, or missing: Value) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? missing
  }
}

extension Environment {
  /// Decodes what is there; the rest is empty.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    schemaVersion = try values.value(.schemaVersion, or: Results.schemaVersion)
    runId = try values.value(.runId, or: "")
    startedAt = try values.value(.startedAt, or: "")
    contend = try values.value(
      .contend, or: Program(version: "", swiftVersion: "", configuration: "", arguments: [], seed: 0))
    scenario = try values.value(.scenario, or: ScenarioSource(path: "", sha256: ""))
    machine = try values.value(.machine, or: Machine(cpuCount: 0, isVirtual: false))
    loadAtStart = try values.value(.loadAtStart, or: MachineLoad(loadAverage: []))
    services = try values.value(.services, or: [:])
  }
}

extension Environment.Program {
  /// Decodes what is there; the rest is empty.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    version = try values.value(.version, or: "")
    swiftVersion = try values.value(.swiftVersion, or: "")
    configuration = try values.value(.configuration, or: "")
    arguments = try values.value(.arguments, or: [])
    seed = try values.value(.seed, or: 0)
  }
}

extension Environment.ScenarioSource {
  /// Decodes what is there; the rest is empty.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    path = try values.value(.path, or: "")
    sha256 = try values.value(.sha256, or: "")
    git = try values.decodeIfPresent(GitState.self, forKey: .git)
  }
}

extension Environment.Service {
  /// Decodes what is there; the rest is empty.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    version = try values.value(.version, or: "")
    location = try values.value(.location, or: "")
    settings = try values.value(.settings, or: [:])
  }
}
