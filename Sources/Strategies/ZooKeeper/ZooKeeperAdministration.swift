#if ZooKeeper
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// The nodes of a run: made, seeded, read and removed by the driver.
final class ZooKeeperAdministration: StoreAdministration {
  private let configuration: ZooKeeperConfiguration
  private let session: KeptSession<BlockingConnection>
  /// Records whose nodes are there.
  private var recordCount = 0
  /// Records of the trial.
  private var seededCount = 0

  /// Connects.
  ///
  /// - Parameter timeout: how long the server keeps the session while it is idle.
  init(url: String, namespace: String, sessionTimeout timeout: Duration = .seconds(30)) throws(SetupFailure) {
    let configuration = try ZooKeeperConfiguration(url: url, namespace: namespace, session: timeout)
    self.configuration = configuration
    session = KeptSession { () throws(SetupFailure) in try BlockingConnection(configuration) }
    _ = try session.current()
  }

  // MARK: around a trial

  /// Sets all records, and removes what is left of locks.
  func prepare(values: [Int64]) throws(SetupFailure) {
    let connection = try session.current()
    for node in [
      configuration.rootNode, configuration.recordsNode, configuration.locksNode, configuration.sessionsNode,
    ] { try create(node, 0, connection) }
    for child in try children(of: configuration.locksNode, connection) {
      try removeTree(configuration.locksNode + "/" + child, connection)
    }
    for (record, value) in values.enumerated() {
      let path = configuration.record(Int32(record))
      if record < recordCount {
        try connection.ask { $0.set(path, value) }
      } else {
        try create(path, value, connection)
      }
    }
    recordCount = max(recordCount, values.count)
    seededCount = values.count
  }

  private func create(_ path: String, _ value: Int64, _ connection: BlockingConnection) throws(SetupFailure) {
    try connection.ask(besides: .nodeExists) { $0.create(path, .persistent, value: value) }
  }

  /// Waits until no session of the run's workers is left. A session of a process that was killed lasts until its
  /// timeout; after half of the time its nodes are removed, for its requests have long been carried out.
  func settle(within limit: Duration) throws(SetupFailure) {
    let connection = try session.current()
    let start = ContinuousClock.now
    while true {
      let left = try children(of: configuration.sessionsNode, connection)
      if left.isEmpty { return }
      let waited = ContinuousClock.now - start
      if waited >= limit {
        throw SetupFailure(
          "\(left.count) sessions of workers are still open in ZooKeeper at \(configuration.hosts) after \(limit)")
      }
      if waited >= limit / 2 {
        for name in left { try removeTree(configuration.sessionsNode + "/" + name, connection) }
      }
      usleep(2000)
    }
  }

  func values() throws(SetupFailure) -> [Int64] {
    let connection = try session.current()
    // A server of an ensemble may be behind the leader.
    try connection.ask { $0.sync(self.configuration.recordsNode) }
    var values: [Int64] = []
    values.reserveCapacity(seededCount)
    for record in 0..<seededCount {
      let path = configuration.record(Int32(record))
      guard let value = try connection.ask({ $0.get(path) }).value else {
        throw SetupFailure("\(path) in ZooKeeper does not hold a number")
      }
      values.append(value)
    }
    return values
  }

  /// None: the server counts packets and not requests.
  func counts() throws(SetupFailure) -> [String: Int64] { [:] }

  // MARK: description and removal

  /// Version, and what the members of an ensemble are, from the command `srvr` of the servers that answer it.
  func describe() throws(SetupFailure) -> ServerDescription {
    let answers = ServerCommand.answers("srvr", hosts: configuration.hosts)
    func values(_ name: String) -> [String] {
      answers.flatMap { $0.split(separator: "\n") }.filter { $0.hasPrefix(name + ": ") }
        .map { String($0.dropFirst(name.count + 2)) }
    }
    let version = values("Zookeeper version").first.map { String($0.prefix { $0.isNumber || $0 == "." }) }
    let modes = values("Mode").sorted().joined(separator: ", ")
    return ServerDescription(
      version: version ?? "unknown", settings: ["mode": modes, "members": "\(answers.count)"])
  }

  func remove() throws(SetupFailure) {
    try removeTree(configuration.rootNode, session.current())
    session.end()
  }

  func endSession() { session.end() }

  private func children(of path: String, _ connection: BlockingConnection) throws(SetupFailure) -> [String] {
    try connection.ask(besides: .noNode) { $0.children(path) }.children
  }

  private func removeTree(_ path: String, _ connection: BlockingConnection) throws(SetupFailure) {
    for child in try children(of: path, connection) { try removeTree(path + "/" + child, connection) }
    try connection.ask(besides: .noNode) { $0.delete(path) }
  }
}
#endif
