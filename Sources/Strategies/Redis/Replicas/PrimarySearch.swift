internal import Model
internal import Runtime

/// How a client finds the server that is the primary of others. The last of the opening commands of servers must be
/// `INFO replication`.
enum PrimarySearch: Sendable {
  /// By asking each of them.
  case asked([RedisConfiguration])
  /// By asking Sentinels; with the namespace of the run and the opening commands of servers.
  case told(SentinelGroup, String, [[String]])

  /// Some server, for a connection that was never open.
  var first: RedisConfiguration {
    switch self {
    case .asked(let servers): servers[0]
    case .told(let group, let namespace, _): RedisConfiguration(group.sentinels[0], namespace: namespace)
    }
  }
}

extension RedisConnection {
  /// Opens the connection to the primary.
  mutating func open(_ search: PrimarySearch) async throws(SetupFailure) {
    switch search {
    case .asked(let servers): try await openPrimary(of: servers)
    case .told(let group, let namespace, let commands): try await openPrimary(group, namespace, commands)
    }
  }

  private var isPrimary: Bool { String(decoding: replies.text, as: UTF8.self).contains("role:master") }

  private var openingLimit: Int64? { answerLimit.map { monotonicNow() &+ $0 } }

  /// The server that the connection was with is asked last: who has lost it, or doubts it, looks at the others first.
  private mutating func openPrimary(of servers: [RedisConfiguration]) async throws(SetupFailure) {
    let last = servers.firstIndex { $0.address == configuration.address } ?? 0
    var failure: SetupFailure?
    for step in 1...servers.count {
      configuration = servers[(last + step) % servers.count]
      do throws(SetupFailure) {
        try await open(until: openingLimit)
        if isPrimary { return }
        drop()
      } catch {
        failure = error
      }
    }
    throw failure ?? SetupFailure("none of the \(servers.count) servers of redis-replicas is a primary at the moment")
  }

  /// One Sentinel after the other: one may not have heard yet what the others have agreed on.
  private mutating func openPrimary(
    _ group: SentinelGroup, _ namespace: String, _ commands: [[String]]
  ) async throws(SetupFailure) {
    var failure: SetupFailure?
    for sentinel in group.sentinels {
      configuration = RedisConfiguration(sentinel, namespace: namespace)
      configuration.furtherCommands = [["SENTINEL", "get-master-addr-by-name", group.name]]
      do throws(SetupFailure) {
        try await open(until: openingLimit)
        guard let port = replies.number(1) else { continue }
        let host = String(decoding: replies.text, as: UTF8.self)
        configuration = RedisConfiguration(group.server(host, Int32(truncatingIfNeeded: port)), namespace: namespace)
        configuration.furtherCommands = commands
        try await open(until: openingLimit)
        if isPrimary { return }
        drop()
      } catch {
        failure = error
      }
    }
    throw failure ?? SetupFailure("no server that the Sentinels of redis-sentinel name is a primary at the moment")
  }
}
