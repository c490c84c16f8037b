internal import Model
internal import Runtime

/// What all workers of a process share: where the server is, and how keys and sessions of the run are called.
public struct RedisConfiguration: Sendable {
  let address: RedisAddress
  let namespace: String
  /// `<namespace>:`, before the number of a record.
  let records: KeyPrefix
  /// `<namespace>:lock:`, before the number of the record that is locked.
  let locks: KeyPrefix

  init(_ environment: StrategyEnvironment) throws(SetupFailure) {
    try self.init(url: environment.endpoint("redis"), namespace: environment.namespace)
  }

  init(url: String, namespace: String) throws(SetupFailure) {
    address = try RedisAddress(url: url)
    self.namespace = namespace
    records = KeyPrefix(Self.recordPrefix(namespace))
    locks = KeyPrefix(Self.lockPrefix(namespace))
  }

  static func recordPrefix(_ namespace: String) -> String { namespace + ":" }
  static func lockPrefix(_ namespace: String) -> String { namespace + ":lock:" }

  /// The name that the sessions of the run's workers give themselves, by which `CLIENT LIST` shows them.
  static func sessionName(_ namespace: String) -> String { "contend:" + namespace }

  /// The commands that open a worker's session.
  var openingCommands: [[String]] {
    address.openingCommands + [["CLIENT", "SETNAME", Self.sessionName(namespace)]]
  }
}

extension RedisAddress {
  /// The commands that every session begins with.
  var openingCommands: [[String]] {
    var commands: [[String]] = []
    if let password { commands.append(["AUTH"] + (user.map { [$0] } ?? []) + [password]) }
    if database != 0 { commands.append(["SELECT", String(database)]) }
    return commands
  }
}
