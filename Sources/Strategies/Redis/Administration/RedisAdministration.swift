@preconcurrency internal import Glibc
public import Model
public import Runtime

/// The records in Redis around a trial: strings `<namespace>:<record>`, and locks `<namespace>:lock:<record>`
/// with what belongs to them, what clicks have left (`ClickKeys`), the meter of semaphores (`PermitMeter`), and streams of messages (`StreamKeys`).
///
/// Counts are those of the whole server: they agree with ours as long as nobody else uses it.
public final class RedisAdministration: StoreAdministration {
  let configuration: RedisConfiguration
  private var recordCount = 0
  private let session: KeptSession<AdministrationConnection>
  /// Commands of ours under the names that are counted.
  private var ownCommands: Int64 = 0
  /// Those that may have been lost with a connection before the server counted them.
  private var doubtful: Int64 = 0
  private var base: Int64 = 0
  /// Settings of the server that were changed, as they were.
  private var formerSettings: [(name: String, value: String)] = []
  /// Keys per command: large enough to be quick, small enough not to hold up the server.
  private static let batch = 1000

  /// Connects.
  ///
  /// - Parameters:
  ///   - url: address of the server; may hold credentials.
  ///   - namespace: unique to the run; letters, digits and `_`.
  public convenience init(url: String, namespace: String) throws(SetupFailure) {
    try self.init(anyRole: RedisAddress(url: url), namespace: namespace)
    try role().check(configuration.address)
  }

  /// The same of a server that may be a replica.
  init(anyRole address: RedisAddress, namespace: String) {
    let configuration = RedisConfiguration(address, namespace: namespace)
    self.configuration = configuration
    session = KeptSession { () throws(SetupFailure) in try AdministrationConnection.open(configuration.address) }
  }

  /// What the server is among others at this moment.
  func role() throws(SetupFailure) -> ServerRole { ServerRole(information: try command("INFO").text ?? "") }

  /// Sends a command; on a new connection if the last one was lost.
  @discardableResult
  func command(_ words: String...) throws(SetupFailure) -> AdministrationReply { try command(words) }

  @discardableResult
  func command(_ words: [String]) throws(SetupFailure) -> AdministrationReply {
    let connection = try session.current()
    guard CommandCounts.names.contains(words[0].lowercased()) else { return try connection.command(words) }
    ownCommands += 1
    doubtful += 1
    let reply = try connection.command(words)
    doubtful -= 1
    return reply
  }

  private func recordKey(_ record: Int) -> String {
    RedisConfiguration.recordPrefix(configuration.namespace) + "\(record)"
  }
  private func lockKeys(_ record: Int) -> [String] {
    RedisConfiguration.lockParts.map { RedisConfiguration.lockPrefix(configuration.namespace, $0) + "\(record)" }
  }

  private func inBatches(_ body: (Range<Int>) throws(SetupFailure) -> Void) throws(SetupFailure) {
    var start = 0
    while start < recordCount {
      let end = min(start + Self.batch, recordCount)
      try body(start..<end)
      start = end
    }
  }

  /// Sets all records, removes locks that were left, and notes the server's counts. Without values, when only the locks
  /// are in Redis, it looks for locks of any record.
  public func prepare(values: [Int64]) throws(SetupFailure) {
    recordCount = values.count
    let namespace = configuration.namespace
    try command(
      ["UNLINK", PermitMeter.key(namespace)] + ClickKeys.effects(namespace) + StreamKeys.all(namespace))
    if values.isEmpty { try removeKeys(beginningWith: namespace + ":lock") }
    try inBatches { range throws(SetupFailure) in
      try command(["UNLINK"] + range.flatMap(lockKeys))
      try command(["MSET"] + range.flatMap { [recordKey($0), "\(values[$0])"] })
    }
    doubtful = 0
    base = try sentByOthers()
  }

  private func sentByOthers() throws(SetupFailure) -> Int64 {
    guard let statistics = try command("INFO", "commandstats").text else { return 0 }
    return CommandCounts(commandStatistics: statistics).sent - ownCommands
  }

  /// Waits until `CLIENT LIST` shows no session of the run's workers. The server removes a client after it has run
  /// everything that the client had sent, so nothing can land afterwards.
  public func settle(within limit: Duration) throws(SetupFailure) {
    let start = ContinuousClock.now
    var hasEndedThem = false
    while true {
      let left = try workerSessions()
      if left.isEmpty { return }
      let waited = ContinuousClock.now - start
      if waited >= limit {
        throw SetupFailure(
          "\(left.count) sessions of workers are still open in Redis at \(configuration.address) after \(limit)")
      }
      if !hasEndedThem && waited >= limit / 2 {
        for id in left { try command("CLIENT", "KILL", "ID", id) }
        hasEndedThem = true
      }
      usleep(2000)
    }
  }

  /// The server does not know who has a lock, or waits for one: it stores keys.
  public func endWorkerSession(_ role: SessionRole) throws(SetupFailure) -> Bool {
    guard role == .any || role == .all else { throw SetupFailure("Redis does not know which session has a lock") }
    let sessions = try workerSessions()
    for id in role == .all ? sessions : Array(sessions.prefix(1)) { try command("CLIENT", "KILL", "ID", id) }
    return !sessions.isEmpty
  }

  /// Four megabytes that expire in an hour, and a limit below them: of what expires, Redis evicts the soonest first, and
  /// then of these.
  public func fillMemory(_ isFull: Bool) throws(SetupFailure) {
    let names = (0..<64).map { RedisConfiguration.recordPrefix(configuration.namespace) + "filling:\($0)" }
    guard isFull else {
      for (name, value) in formerSettings { try command("CONFIG", "SET", name, value) }
      formerSettings = []
      try command(["UNLINK"] + names)
      return
    }
    let piece = String(repeating: "x", count: 1 << 16)
    for name in names { try command("SET", name, piece, "EX", "3600") }
    let used = try command("INFO", "memory").text?.split(whereSeparator: \.isNewline)
      .first { $0.hasPrefix("used_memory:") }.flatMap { Int($0.dropFirst("used_memory:".count)) }
    guard let used else { throw SetupFailure("Redis does not tell how much memory it uses") }
    // The limit first, when they are put back: without one, no policy matters.
    for name in ["maxmemory", "maxmemory-policy"] {
      guard let former = try command("CONFIG", "GET", name).elements.last?.text else {
        throw SetupFailure("Redis does not tell its setting '\(name)'")
      }
      if formerSettings.allSatisfy({ $0.name != name }) { formerSettings.append((name, former)) }
    }
    try command("CONFIG", "SET", "maxmemory-policy", "volatile-ttl")
    try command("CONFIG", "SET", "maxmemory", "\(used - (1 << 20))")
  }

  /// All keys of all databases.
  public func loseEverything() throws(SetupFailure) { try command("FLUSHALL") }

  /// The ids of the sessions that bear the run's name.
  private func workerSessions() throws(SetupFailure) -> [String] {
    let name = "name=" + RedisConfiguration.sessionName(configuration.namespace)
    let list = try command("CLIENT", "LIST").text ?? ""
    return list.split(whereSeparator: \.isNewline).compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.contains(Substring(name)) else { return nil }
      return fields.first { $0.hasPrefix("id=") }.map { String($0.dropFirst(3)) }
    }
  }

  /// Gets all records.
  ///
  /// - Throws: also when a record is missing or is no number.
  public func values() throws(SetupFailure) -> [Int64] {
    var values: [Int64] = []
    values.reserveCapacity(recordCount)
    try inBatches { range throws(SetupFailure) in
      let reply = try command(["MGET"] + range.map(recordKey))
      for (record, element) in zip(range, reply.elements) {
        guard let value = element.text.flatMap({ Int64($0) }) else {
          throw SetupFailure(
            "record \(record) is missing in Redis at \(configuration.address) (key \(recordKey(record))): "
              + "was the database flushed, or does its maxmemory-policy evict keys?")
        }
        values.append(value)
      }
    }
    return values
  }

  /// `commands`: what the workers sent, as ``CommandCounts`` tells it.
  public func counts() throws(SetupFailure) -> [String: Int64] { ["commands": try sentByOthers() - base] }

  /// A request that lost its answer may have reached the server or not, and has up to three commands; the lock that it
  /// concerned is released once more.
  public func crossChecks(_ total: Tally) throws(SetupFailure) -> [CrossCheck] {
    let lost = total[.unknown] + total[.connectionLost] + total[.error] + total[.reconnects]
    guard let server = try counts()["commands"] else { return [] }
    return [CrossCheck(name: "commands", client: total[.statements], server: server, slack: 4 * lost + doubtful)]
  }

  /// Version and the settings on which durability and eviction depend; those that the server keeps to itself are left
  /// out.
  public func describe() throws(SetupFailure) -> ServerDescription {
    let information = try command("INFO", "server").text ?? ""
    let version = information.split(whereSeparator: \.isNewline).first { $0.hasPrefix("redis_version:") }
    var settings: [String: String] = [:]
    for name in ["appendonly", "appendfsync", "save", "maxmemory-policy", "io-threads"] {
      guard let pair = try? command("CONFIG", "GET", name).elements, pair.count == 2 else { continue }
      settings[name] = pair[1].text
    }
    return ServerDescription(
      version: version.map { String($0.dropFirst("redis_version:".count)) } ?? "unknown", settings: settings)
  }

  /// Closes the connection; the next call opens another.
  public func endSession() { session.end() }

  /// Removes every key that begins with the namespace.
  public func remove() throws(SetupFailure) {
    try removeKeys(beginningWith: RedisConfiguration.recordPrefix(configuration.namespace))
  }

  /// Walks through the database in small steps; `UNLINK` leaves the freeing to a thread of its own.
  private func removeKeys(beginningWith prefix: String) throws(SetupFailure) {
    var cursor = "0"
    repeat {
      let reply = try command("SCAN", cursor, "MATCH", prefix + "*", "COUNT", "\(Self.batch)").elements
      guard reply.count == 2, let next = reply[0].text else { return }
      let keys = reply[1].elements.compactMap(\.text)
      if !keys.isEmpty { try command(["UNLINK"] + keys) }
      cursor = next
    } while cursor != "0"
  }
}
