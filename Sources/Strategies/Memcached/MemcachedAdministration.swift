#if Memcached
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// The records in memcached around a trial: items `<namespace>:<record>`, and locks `<namespace>:lock:<record>`.
///
/// Counts, and the number of sessions, are those of the whole server: they agree with ours as long as nobody else uses it.
final class MemcachedAdministration: StoreAdministration {
  private let address: MemcachedAddress
  private let namespace: String
  private let session: KeptSession<AdministrationConnection>
  private var recordCount = 0
  /// Commands of ours that the server counts.
  private var ownCommands: Int64 = 0
  /// Commands of ours that may have been lost with a connection before the server counted them.
  private var doubtful: Int64 = 0
  private var base: Int64 = 0
  /// Sessions before the workers came.
  private var baseSessions: Int64 = 0
  /// Commands sent at once: few enough for the buffers of both sides.
  private static let batch = 500
  /// When somebody goes on making items, there is no end to it.
  private static let mostListings = 10

  /// Connects.
  init(url: String, namespace: String) throws(SetupFailure) {
    let address = try MemcachedAddress(url: url)
    self.address = address
    self.namespace = namespace
    session = KeptSession { () throws(SetupFailure) in try AdministrationConnection(address) }
    _ = try statistics()
  }

  private func statistics(_ kind: String = "") throws(SetupFailure) -> [String: String] {
    try session.current().ask("stats\(kind)").reduce(into: [:]) {
      let words = $1.split(separator: " ", maxSplits: 2)
      if words.count == 3 { $0[String(words[1])] = String(words[2]) }
    }
  }

  private func record(_ index: Int) -> String { MemcachedConfiguration.recordPrefix(namespace) + "\(index)" }

  /// Sends one command for each of several things, some at a time, and takes one line of answer for each.
  private func each<Item>(
    _ items: [Item], command: (Item) -> String, answer: (Item, String) throws(SetupFailure) -> Void
  ) throws(SetupFailure) {
    var start = 0
    while start < items.count {
      let part = items[start..<min(start + Self.batch, items.count)]
      let connection = try session.current()
      ownCommands += Int64(part.count)
      do throws(SetupFailure) {
        try connection.send(part.map(command).joined())
        for item in part { try answer(item, connection.line()) }
      } catch {
        // Answers may be on their way: the connection is of no more use.
        session.end()
        doubtful += Int64(part.count)
        throw error
      }
      start += Self.batch
    }
  }

  /// Sets all records, deletes locks that were left, and notes the server's counts.
  func prepare(values: [Int64]) throws(SetupFailure) {
    recordCount = values.count
    try removeItems(beginningWith: MemcachedConfiguration.lockPrefix(namespace))
    try each(Array(values.enumerated())) { item in
      "set \(record(item.offset)) 0 0 \("\(item.element)".utf8.count)\r\n\(item.element)\r\n"
    } answer: { item, line throws(SetupFailure) in
      if line != "STORED" { throw SetupFailure("memcached at \(address) did not store record \(item.offset): \(line)") }
    }
    doubtful = 0
    base = try sentByOthers()
    baseSessions = try sessions()
  }

  private func sentByOthers() throws(SetupFailure) -> Int64 {
    let counts = try statistics()
    let names = [
      "cmd_get", "cmd_set", "incr_hits", "incr_misses", "decr_hits", "decr_misses", "delete_hits", "delete_misses",
    ]
    return names.reduce(0) { $0 + (counts[$1].flatMap { Int64($0) } ?? 0) } - ownCommands
  }

  /// Sessions of everybody, this one included.
  func sessions() throws(SetupFailure) -> Int64 {
    try statistics()["curr_connections"].flatMap { Int64($0) } ?? 0
  }

  /// Waits until there are no more sessions than before the workers came: the server forgets a session after it has run
  /// everything that came over it. It offers no way to end one.
  func settle(within limit: Duration) throws(SetupFailure) {
    let start = ContinuousClock.now
    while true {
      let left = try sessions() - baseSessions
      if left <= 0 { return }
      guard ContinuousClock.now - start < limit else {
        throw SetupFailure("\(left) sessions are still open in memcached at \(address) after \(limit)")
      }
      usleep(2000)
    }
  }

  /// Gets all records.
  ///
  /// - Throws: also when a record is missing or is no number.
  func values() throws(SetupFailure) -> [Int64] {
    var values: [Int64] = []
    values.reserveCapacity(recordCount)
    for index in 0..<recordCount {
      let connection = try session.current()
      ownCommands += 1
      doubtful += 1
      let lines = try connection.ask("get \(record(index))")
      doubtful -= 1
      // `decr` leaves blanks where digits were.
      guard lines.count == 2, let value = Int64(lines[1].prefix { $0 != " " }) else {
        throw SetupFailure(
          "record \(index) is missing in memcached at \(address) (key \(record(index))): did the server evict it (-m), "
            + "or was it flushed?")
      }
      values.append(value)
    }
    return values
  }

  /// `commands`: `get`, `set`, `add`, `cas`, `incr`, `decr` and deletions that the workers sent.
  func counts() throws(SetupFailure) -> [String: Int64] { ["commands": try sentByOthers() - base] }

  /// A request that lost its answer may have reached the server or not, and has up to one command for each record.
  func crossChecks(_ total: Tally) throws(SetupFailure) -> [CrossCheck] {
    let lost = total[.unknown] + total[.connectionLost] + total[.error] + total[.reconnects]
    guard let server = try counts()["commands"] else { return [] }
    return [
      CrossCheck(
        name: "commands", client: total[.statements], server: server,
        slack: Int64(Operation.maximumSteps) * lost + doubtful)
    ]
  }

  func endSession() { session.end() }

  /// Version and the settings on which eviction and speed depend.
  func describe() throws(SetupFailure) -> ServerDescription {
    let version = try statistics()["version"] ?? "unknown"
    let all = try statistics(" settings")
    var settings: [String: String] = [:]
    for name in ["maxbytes", "evictions", "num_threads", "cas_enabled"] { settings[name] = all[name] }
    return ServerDescription(version: version, settings: settings)
  }

  /// Deletes every item whose key begins with the namespace.
  func remove() throws(SetupFailure) {
    try delete((0..<recordCount).map(record))
    try removeItems(beginningWith: MemcachedConfiguration.recordPrefix(namespace))
  }

  /// A listing passes over items that somebody uses, or that are on their way from one list of the server to another:
  /// none is left when two of them, one after the other, are empty.
  private func removeItems(beginningWith prefix: String) throws(SetupFailure) {
    var emptyListings = 0
    for _ in 0..<Self.mostListings where emptyListings < 2 {
      let keys = try keys(beginningWith: prefix)
      emptyListings = keys.isEmpty ? emptyListings + 1 : 0
      try delete(keys)
    }
  }

  /// Asks the server for the names of all its items, which it lists as `key=<percent-encoded> exp=...`.
  private func keys(beginningWith prefix: String) throws(SetupFailure) -> [String] {
    try listing().compactMap { line in
      guard line.hasPrefix("key=") else { return nil }
      let key = line.dropFirst(4).prefix { $0 != " " }.replacing("%3A", with: ":")
      return key.hasPrefix(prefix) ? String(key) : nil
    }
  }

  /// An item may have expired, or never have been there.
  private func delete(_ keys: [String]) throws(SetupFailure) {
    try each(keys) {
      "delete \($0)\r\n"
    } answer: { _, _ in
    }
  }

  /// The server lists for one client at a time.
  private func listing() throws(SetupFailure) -> [String] {
    let deadline = ContinuousClock.now + .seconds(5)
    while true {
      let lines = try session.current().ask("lru_crawler metadump all")
      guard lines.first?.hasPrefix("BUSY") == true else { return lines }
      guard ContinuousClock.now < deadline else {
        throw SetupFailure("memcached at \(address) lists its items for somebody else all the time")
      }
      usleep(10_000)
    }
  }
}
#endif
