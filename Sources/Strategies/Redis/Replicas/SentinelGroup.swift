internal import Model

/// Sentinels that watch one primary and its replicas.
struct SentinelGroup: Sendable {
  /// Where they are; nobody logs in there.
  let sentinels: [RedisAddress]
  /// What they call the primary.
  let name: String
  /// User, password and database of the servers, at the address of some Sentinel.
  private let login: RedisAddress

  /// Asks the first Sentinel that answers; blocks.
  ///
  /// - Parameter url: the URLs of the Sentinels, separated by commas; user, password and database in them are those of the
  ///   servers.
  /// - Throws: when none answers, or they watch more than one primary, or none.
  init(url: String) throws(SetupFailure) {
    var sentinels: [RedisAddress] = []
    var login: RedisAddress?
    for url in url.split(separator: ",") {
      let address = try RedisAddress(url: String(url))
      login = login ?? address
      var sentinel = address
      (sentinel.user, sentinel.password, sentinel.database) = (nil, nil, 0)
      sentinels.append(sentinel)
    }
    guard let login else { throw SetupFailure("services.redis-sentinel names no Sentinel") }
    let masters = try Self.first(of: sentinels) { connection throws(SetupFailure) in
      try connection.command(["SENTINEL", "MASTERS"]).elements
    }
    guard masters.count == 1, let name = Self.field("name", of: masters[0]) else {
      throw SetupFailure(
        "the Sentinel at \(sentinels[0]) watches \(masters.count) primaries; name Sentinels that watch one")
    }
    (self.sentinels, self.name, self.login) = (sentinels, name, login)
  }

  /// A server that they watch.
  func server(_ host: String, _ port: Int32) -> RedisAddress {
    var address = login
    address.location = .network(host: host, port: port)
    return address
  }

  /// The primary by the word of one of them.
  func primary(by connection: AdministrationConnection) throws(SetupFailure) -> RedisAddress? {
    let answer = try connection.command(["SENTINEL", "get-master-addr-by-name", name]).elements.compactMap(\.text)
    guard answer.count == 2, let port = Int32(answer[1]) else { return nil }
    return server(answer[0], port)
  }

  /// The primary and its replicas, by the word of the first that answers; blocks.
  func servers() throws(SetupFailure) -> [RedisAddress] {
    try Self.first(of: sentinels) { connection throws(SetupFailure) in
      var servers: [RedisAddress] = []
      if let primary = try primary(by: connection) { servers.append(primary) }
      for replica in try connection.command(["SENTINEL", "REPLICAS", name]).elements {
        guard let host = Self.field("ip", of: replica),
          let port = Self.field("port", of: replica).flatMap({ Int32($0) })
        else { continue }
        servers.append(server(host, port))
      }
      return servers
    }
  }

  private static func field(_ name: String, of reply: AdministrationReply) -> String? {
    let words = reply.elements.map { $0.text ?? "" }
    return words.firstIndex(of: name).flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
  }

  private static func first<Answer>(
    of sentinels: [RedisAddress], _ body: (AdministrationConnection) throws(SetupFailure) -> Answer
  ) throws(SetupFailure) -> Answer {
    var failure = SetupFailure("services.redis-sentinel names no Sentinel")
    for sentinel in sentinels {
      do throws(SetupFailure) { return try body(AdministrationConnection.open(sentinel)) } catch { failure = error }
    }
    throw failure
  }
}
