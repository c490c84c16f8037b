internal import FoundationEssentials
internal import Model

/// What an adapter says of itself.
struct Hello: Decodable {
  /// The version that it speaks, of those that it was offered.
  let version: Int
  let name: String?
  let library: String?
  let libraryVersion: String?
  /// What it is: `lock` or `operations`.
  let role: String
  /// Whether it numbers its grants.
  let fencing: Bool?
  /// Whether readers may share its locks.
  let shared: Bool?
  /// How it serves several workers: `threads`, `async` or `one`.
  let concurrency: String?
  /// How many workers one program serves.
  let maxWorkers: Int?

  private enum CodingKeys: String, CodingKey {
    case version, name, library, role, fencing, shared, concurrency
    case libraryVersion = "library_version"
    case maxWorkers = "max_workers"
  }

  /// The version of the protocol.
  static let version = 1

  /// Reads the line; nil when a member is missing or of another kind.
  init?(line: [UInt8]) {
    guard let hello = try? JSONDecoder().decode(Hello.self, from: Data(line)) else { return nil }
    self = hello
  }

  /// Why it cannot be used; nil when it can.
  ///
  /// - Parameters:
  ///   - role: what the scenario says that it is.
  ///   - workers: how many workers share the program.
  ///   - needsTokens: whether records are to compare the numbers of its grants.
  func problem(role: AdapterRole, workers: Int, needsTokens: Bool) -> String? {
    if version != Self.version {
      return "speaks version \(version) of the protocol, and contend version \(Self.version)"
    }
    guard let own = AdapterRole(rawValue: self.role) else {
      return "says that its role is '\(self.role)', where only lock and operations are known"
    }
    if own != role { return "is \(own.phrase), but the scenario takes it for \(role.phrase); state 'as: \(own.key)'" }
    if needsTokens && fencing != true {
      return
        "gives no fencing tokens (its hello does not say 'fencing'), so that records have nothing to compare; remove "
        + "'fence'"
    }
    if workers > 1, concurrency == "one" || workers > maxWorkers ?? .max {
      return "serves \(concurrency == "one" ? 1 : maxWorkers ?? 1) of \(workers) workers that would share it; state "
        + "'programs: per-worker'"
    }
    return nil
  }
}

/// What an adapter is.
enum AdapterRole: String, Sendable {
  /// It keeps others out; contend reads and writes.
  case lock
  /// It does whole operations.
  case operations

  /// How a scenario states it.
  var key: String { self == .lock ? "lock" : "records" }
  /// With its article.
  var phrase: String { self == .lock ? "a lock" : "one that does whole operations" }
}
