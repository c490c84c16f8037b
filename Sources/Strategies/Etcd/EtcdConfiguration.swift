#if Etcd
internal import NetworkTransport
internal import Model
internal import Runtime

/// What all workers of a process share: where the server is, how the keys of the run are called, and how long leases are.
public struct EtcdConfiguration: Sendable {
  let endpoints: Endpoints
  let keys: Keys
  /// Seconds that each session's lease lasts without being kept alive.
  let lifetimeSeconds: Int64

  init(_ environment: StrategyEnvironment) throws(SetupFailure) {
    endpoints = try Endpoints(url: environment.endpoint("etcd"))
    keys = Keys(namespace: environment.namespace)
    let options = Options(Self.options, stated: environment.options.values)
    lifetimeSeconds = max(1, options.duration("lease").nanoseconds / 1_000_000_000)
  }

  /// Options of every strategy of this backend.
  static let options = [
    OptionSpecification(
      "lease", .duration(.seconds(1) ... .seconds(3600)), default: .duration(.seconds(60)),
      "How long the server keeps the locks of a silent client, in whole seconds; it may make it longer (2 s at least).")
  ]
}

/// The names of the run's keys.
struct Keys: Sendable {
  let namespace: String

  /// What all keys begin with.
  var all: String { namespace + "/" }
  var locks: String { namespace + "/locks/" }
  /// Keys of sessions, by which the driver sees that they are there.
  var sessions: String { namespace + "/sessions/" }
  func record(_ key: Int32) -> String { "\(namespace)/records/\(key)" }
  /// The highest fencing token that a record has seen.
  func fence(_ key: Int32) -> String { "\(namespace)/fences/\(key)" }
  /// A token as the value of such a key: texts of one length compare as their numbers do.
  static func digits(_ token: Int64) -> String {
    let text = String(token)
    return String(repeating: "0", count: 20 - text.count) + text
  }
  /// Before the `/` and the lease of each client that wants the lock of a record.
  func lock(_ key: Int32) -> String { "\(namespace)/locks/\(key)" }
}
#endif
