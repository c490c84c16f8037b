internal import Model
internal import Runtime

/// Where a Redis server is, and as whom to enter.
struct RedisAddress: Sendable, Equatable {
  /// How to reach it.
  enum Location: Sendable, Equatable {
    /// A unix socket.
    case socket(path: String)
    /// A host name or address, and a port.
    case network(host: String, port: Int32)
  }

  var location: Location
  var user: String?
  var password: String?
  var database = 0

  /// The longest path that the address of a unix socket holds, less the byte that ends it (`unix(7)`).
  static let longestPath = 107

  /// Reads `redis://[user:password@]host[:port][/database]`, `unix://[user:password@]/path[?db=database]` or
  /// `unix:/path`. User, password and path may be percent-encoded.
  ///
  /// - Throws: a sentence that holds no credentials.
  init(url: String) throws(SetupFailure) {
    let (scheme, rest) = try Self.scheme(of: url)
    let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var target = parts[0]
    var credentials: Substring?
    if let at = target.lastIndex(of: "@") {
      credentials = target[..<at]
      target = target[target.index(after: at)...]
    }
    if scheme == "unix" {
      location = try Self.socket(target)
    } else {
      let slash = target.firstIndex(of: "/") ?? target.endIndex
      let (host, port) = try NetworkTarget.parse(target[..<slash], usualPort: 6379, of: "Redis")
      location = .network(host: host, port: Int32(port))
      try setDatabase(target[slash...].dropFirst())
    }
    try setCredentials(credentials)
    if parts.count == 2 { try setQuery(parts[1]) }
  }

  private static func scheme(of url: String) throws(SetupFailure) -> (Substring, Substring) {
    let colon = url.firstIndex(of: ":") ?? url.startIndex
    let scheme = url[..<colon]
    let rest = url[colon...].dropFirst()
    let afterSlashes = rest.hasPrefix("//") ? rest.dropFirst(2) : rest
    switch scheme {
    case "redis" where rest.hasPrefix("//"), "unix": return (scheme, afterSlashes)
    case "rediss":
      throw SetupFailure(
        "the Redis URL asks for TLS (rediss://), which hiredis 0.14 does not have; "
          + "use redis:// through a TLS tunnel such as stunnel")
    default:
      throw SetupFailure(
        "a Redis URL is redis://[user:password@]host[:port][/database] or unix:///path/of.socket, "
          + "but '\(Redaction.url(url))' is neither")
    }
  }

  private static func socket(_ target: Substring) throws(SetupFailure) -> Location {
    guard let path = target.percentDecoded, path.hasPrefix("/") else {
      throw SetupFailure("the Redis URL must name its unix socket by a full path: unix:///path/of.socket")
    }
    guard path.utf8.count <= longestPath else {
      throw SetupFailure(
        "the path of the Redis socket has \(path.utf8.count) bytes; Linux allows \(longestPath): \(path)")
    }
    return .socket(path: path)
  }

  private mutating func setCredentials(_ credentials: Substring?) throws(SetupFailure) {
    guard let credentials, !credentials.isEmpty else { return }
    let parts = credentials.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let user = parts[0].percentDecoded, let password = parts[1].percentDecoded else {
      throw SetupFailure("before the @ of a Redis URL there must be user:password, percent-encoded, or :password")
    }
    self.user = user.isEmpty ? nil : user
    self.password = password
  }

  private mutating func setDatabase(_ text: Substring) throws(SetupFailure) {
    guard !text.isEmpty else { return }
    guard let number = Int(text), number >= 0 else {
      throw SetupFailure("the database of a Redis URL is a number from 0, such as redis://host:6379/0")
    }
    database = number
  }

  private mutating func setQuery(_ query: Substring) throws(SetupFailure) {
    for setting in query.split(separator: "&") {
      guard setting.hasPrefix("db=") else {
        throw SetupFailure("after the ? of a Redis URL only db=NUMBER is understood")
      }
      try setDatabase(setting.dropFirst(3))
    }
  }
}

extension RedisAddress {
  /// What to connect to, in this order: hiredis would try the first address of a host only. Blocks while a name is
  /// looked up.
  var sockets: [SocketAddress] {
    switch location {
    case .socket(let path): [.unix(path: path)]
    case .network(let host, let port): SocketAddress.resolve(host: host, port: String(port))
    }
  }
}

extension RedisAddress: CustomStringConvertible {
  /// Where the server is, for messages: no credentials.
  var description: String {
    switch location {
    case .socket(let path): path
    case .network(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }
}
