#if Memcached
internal import Model
internal import Runtime

/// Where a memcached server is.
struct MemcachedAddress: Sendable, Equatable {
  /// How to reach it.
  enum Location: Sendable, Equatable {
    /// A unix socket.
    case socket(path: String)
    /// A host name or address, and a port.
    case network(host: String, port: UInt16)
  }

  let location: Location

  /// The longest path that the address of a unix socket holds, less the byte that ends it (`unix(7)`).
  static let longestPath = 107

  /// Reads `memcached://host[:port]` or `unix:///path`.
  ///
  /// - Throws: a sentence that holds no credentials.
  init(url: String) throws(SetupFailure) {
    guard let separator = url.firstRange(of: "://") else { throw Self.failure(url) }
    let target = url[separator.upperBound...]
    if target.contains("@") {
      throw SetupFailure(
        "the memcached URL states a user, but only SASL over the binary protocol knows users; leave it out")
    }
    switch url[..<separator.lowerBound] {
    case "unix": location = try Self.socket(String(target))
    case "memcached": location = try Self.network(target, url)
    default: throw Self.failure(url)
    }
  }

  private static func socket(_ path: String) throws(SetupFailure) -> Location {
    guard path.hasPrefix("/"), path.utf8.count <= longestPath else {
      throw SetupFailure(
        "the memcached URL must name its unix socket by a full path of at most \(longestPath) bytes: unix:///path")
    }
    return .socket(path: path)
  }

  private static func network(_ target: Substring, _ url: String) throws(SetupFailure) -> Location {
    let end = target.firstIndex(of: "/") ?? target.endIndex
    var host = target[..<end]
    var port: Substring?
    if let bracket = host.lastIndex(of: "]"), host.hasPrefix("[") {
      let after = host[bracket...].dropFirst()
      if after.hasPrefix(":") { port = after.dropFirst() }
      host = host[..<bracket].dropFirst()
    } else if let colon = host.lastIndex(of: ":") {
      port = host[colon...].dropFirst()
      host = host[..<colon]
    }
    guard let number = port.map({ UInt16($0) }) ?? 11211, number > 0, !host.isEmpty else { throw failure(url) }
    return .network(host: String(host), port: number)
  }

  private static func failure(_ url: String) -> SetupFailure {
    SetupFailure(
      "a memcached URL is memcached://host[:port] or unix:///path/of.socket, "
        + "but '\(Redaction.url(url))' is neither")
  }
}

extension MemcachedAddress {
  /// What to connect to, in this order. Blocks while a name is looked up.
  var sockets: [SocketAddress] {
    switch location {
    case .socket(let path): [.unix(path: path)]
    case .network(let host, let port): SocketAddress.resolve(host: host, port: String(port))
    }
  }
}

extension MemcachedAddress: CustomStringConvertible {
  /// Where the server is, for messages.
  var description: String {
    switch location {
    case .socket(let path): path
    case .network(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }
}
#endif
