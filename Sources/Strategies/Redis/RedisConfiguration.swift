internal import Model
internal import Runtime

/// What all workers of a process share: where the server is, and how keys and sessions of the run are called.
public struct RedisConfiguration: Sendable {
  var address: RedisAddress
  let namespace: String
  /// `<namespace>:`, before the number of a record.
  let records: KeyPrefix
  /// `<namespace>:lock:`, before the number of the record that is locked.
  let locks: KeyPrefix
  /// The waiters for a lock, in order.
  let lockQueues: KeyPrefix
  /// Until when each waiter keeps its place.
  let lockPlaces: KeyPrefix
  /// How often a lock was granted: the fencing token.
  let lockTokens: KeyPrefix
  /// The greatest fencing token that a record has seen.
  let fences: KeyPrefix
  /// The channel on which a lock is announced; not a key.
  let lockChannels: KeyPrefix
  /// The permits of a semaphore.
  let permits: KeyPrefix
  /// Who is at work with a permit.
  let running: KeyPrefix
  /// Commands with which sessions begin besides those that all begin with.
  var furtherCommands: [[String]] = []

  init(_ environment: StrategyEnvironment) throws(SetupFailure) {
    try self.init(url: environment.endpoint("redis"), namespace: environment.namespace)
  }

  init(url: String, namespace: String) throws(SetupFailure) {
    self.init(try RedisAddress(url: url), namespace: namespace)
  }

  init(_ address: RedisAddress, namespace: String) {
    self.address = address
    self.namespace = namespace
    records = KeyPrefix(Self.recordPrefix(namespace))
    locks = KeyPrefix(Self.lockPrefix(namespace))
    lockQueues = KeyPrefix(Self.lockPrefix(namespace, "-queue"))
    lockPlaces = KeyPrefix(Self.lockPrefix(namespace, "-place"))
    lockTokens = KeyPrefix(Self.lockPrefix(namespace, "-token"))
    fences = KeyPrefix(Self.lockPrefix(namespace, "-fence"))
    permits = KeyPrefix(Self.lockPrefix(namespace, "-permits"))
    running = KeyPrefix(Self.lockPrefix(namespace, "-running"))
    lockChannels = KeyPrefix(Self.lockPrefix(namespace, "-channel"))
  }

  static func recordPrefix(_ namespace: String) -> String { namespace + ":" }
  static func lockPrefix(_ namespace: String, _ part: String = "") -> String { namespace + ":lock" + part + ":" }
  /// What keys of a lock there may be besides the lock itself: the parts of their prefix.
  static let lockParts = ["", "-queue", "-place", "-token", "-fence", "-permits", "-running"]

  /// The name that the sessions of the run's workers give themselves, by which `CLIENT LIST` shows them.
  static func sessionName(_ namespace: String) -> String { "contend:" + namespace }

  /// The commands that open a worker's session.
  var openingCommands: [[String]] {
    address.openingCommands + [["CLIENT", "SETNAME", Self.sessionName(namespace)]] + furtherCommands
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
