internal import Model
internal import Runtime

/// The servers in the URL of a service, and the URL with others in their places. Holds credentials: nothing here is ever
/// printed.
struct ServiceAddress {
  /// One server.
  struct Server {
    /// Nil for TCP.
    var unixPath: String?
    var host = ""
    var port = ""

    /// Blocks while a name is looked up.
    var addresses: [SocketAddress] {
      unixPath.map { [.unix(path: $0)] } ?? SocketAddress.resolve(host: host, port: port)
    }
  }

  private(set) var servers: [Server] = []
  /// What stands before, between and behind the servers.
  private var texts: [String] = [""]
  /// How a server is written in such a URL.
  private var write: (ListeningSocket.Place) -> String = Self.authority

  /// - Parameter service: name of the service, for messages.
  init(_ url: String, service: String) throws(ProxyFailure) {
    guard let separator = url.firstRange(of: "://") else {
      throw ProxyFailure("services.\(service) must be a URL, so that a proxy can stand before its servers")
    }
    let rest = url[separator.upperBound...]
    switch url[..<separator.lowerBound] {
    case "postgresql", "postgres": try readPostgres(url, rest)
    case "mariadb", "mysql": try readMariaDB(url, rest)
    case "unix": readSockets(url)
    case "redis": try readHosts(url, defaultPort: "6379")
    case "memcached": try readHosts(url, defaultPort: "11211")
    case "amqp": try readHosts(url, defaultPort: "5672")
    case "zookeeper": try readHosts(url, defaultPort: "2181")
    case "http": try readHosts(url, defaultPort: service == "etcd" ? "2379" : "80")
    case "https", "rediss":
      throw ProxyFailure(
        "services.\(service) uses TLS with a certificate for the name of the server, which a proxy does not have")
    case "file": throw ProxyFailure("\(service) has no server: there is no connection to it")
    default: throw ProxyFailure("no proxy stands before such a URL of services.\(service)")
    }
    guard servers.allSatisfy({ !$0.addresses.isEmpty }) else {
      throw ProxyFailure("the host of services.\(service) is not known")
    }
  }

  /// The URL with servers at other places, one for each.
  func url(with places: [ListeningSocket.Place]) -> String {
    zip(places, texts.dropFirst()).reduce(texts[0]) { $0 + write($1.0) + $1.1 }
  }

  private static func authority(_ place: ListeningSocket.Place) -> String {
    switch place {
    case .unix(let path): path
    case .port(let port): "127.0.0.1:\(port)"
    }
  }

  private mutating func add(_ server: Server, before text: String) {
    servers.append(server)
    texts.append(text)
  }

  // MARK: forms of URLs

  /// `unix://[user:password@]/path[?db=1],unix://...`
  private mutating func readSockets(_ url: String) {
    for (index, part) in url.split(separator: ",").enumerated() {
      let end = part.firstIndex(of: "?") ?? part.endIndex
      let start = part.firstRange(of: "://")?.upperBound ?? part.startIndex
      let credentials = part[start..<end].lastIndex(of: "@").map { part.index(after: $0) } ?? start
      texts[texts.count - 1] += (index == 0 ? "" : ",") + part[..<credentials]
      let path = part[credentials..<end]
      add(Server(unixPath: path.percentDecoded ?? String(path)), before: String(part[end...]))
    }
  }

  /// `scheme://[user:password@]host[:port][,[scheme://]host[:port]...][/path]`
  private mutating func readHosts(_ url: String, defaultPort: String) throws(ProxyFailure) {
    let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
    let first = url[start...].lastIndex(of: "@").map { url.index(after: $0) } ?? start
    texts = [String(url[..<first])]
    for (index, part) in url[first...].split(separator: ",").enumerated() {
      let host = part.firstRange(of: "://")?.upperBound ?? part.startIndex
      let end = part[host...].firstIndex(where: { "/?".contains($0) }) ?? part.endIndex
      texts[texts.count - 1] += (index == 0 ? "" : ",") + part[..<host]
      add(Self.server(part[host..<end], defaultPort), before: String(part[end...]))
    }
  }

  private static func server(_ authority: Substring, _ defaultPort: String) -> Server {
    let colon = authority.last == "]" ? nil : authority.lastIndex(of: ":")
    let name = authority[..<(colon ?? authority.endIndex)]
    let host = name.hasPrefix("[") ? name.dropFirst().dropLast() : name
    let port = colon.map { String(authority[authority.index(after: $0)...]) } ?? defaultPort
    return Server(host: host.isEmpty ? "localhost" : String(host), port: port)
  }

  /// `mariadb://[user[:password]@]host:port` or `mariadb://[user[:password]@]localhost?socket=/path`
  private mutating func readMariaDB(_ url: String, _ rest: Substring) throws(ProxyFailure) {
    if rest.contains("ssl-ca=") {
      throw ProxyFailure(
        "services.mariadb uses TLS with a certificate for the name of the server, which a proxy does not have")
    }
    guard let socket = url.firstRange(of: "socket=") else {
      let target = rest.prefix { !"/?".contains($0) }
      let host = target.lastIndex(of: "@").map { target[$0...].dropFirst() } ?? target
      guard host != "localhost" else {
        throw ProxyFailure("services.mariadb must state the port or the socket, so that a proxy can stand before it")
      }
      return try readHosts(url, defaultPort: "3306")
    }
    let end = url[socket.upperBound...].firstIndex(of: "&") ?? url.endIndex
    texts = [String(url[..<socket.upperBound])]
    let path = url[socket.upperBound..<end]
    add(Server(unixPath: path.percentDecoded ?? String(path)), before: String(url[end...]))
    write = { if case .unix(let path) = $0 { path.percentEncoded } else { "" } }
  }

  /// `postgresql://[user[:password]@][host[:port]][/database][?host=/directory&port=5432...]`, one server. The place is
  /// stated at the end, where it overrides what comes before; the name of the host stays for its certificate.
  private mutating func readPostgres(_ url: String, _ rest: Substring) throws(ProxyFailure) {
    guard rest.firstRange(of: "://") == nil else {
      throw ProxyFailure("a proxy stands before one PostgreSQL server, and the URL names several")
    }
    let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let target = parts[0].prefix { $0 != "/" }
    let authority = target.lastIndex(of: "@").map { target[$0...].dropFirst() } ?? target
    var server = Self.server(authority, "5432")
    var others: [Substring] = []
    var address: String?
    for setting in parts.count == 2 ? parts[1].split(separator: "&") : [] {
      let words = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = words.count == 2 ? words[1].percentDecoded ?? "" : ""
      switch words[0] {
      case "host": server.host = value
      case "port": server.port = value
      case "hostaddr": address = value
      default: others.append(setting)
      }
    }
    guard !server.host.contains(","), !authority.contains(",") else {
      throw ProxyFailure("a proxy stands before one PostgreSQL server, and the URL names several")
    }
    let name = server.host
    if name.hasPrefix("/") { server.unixPath = "\(name)/.s.PGSQL.\(server.port)" }
    if let address { server.host = address }
    // Without the host and port of the authority: those of the query would be further alternatives.
    let login = target[..<authority.startIndex]
    let query = others.map { $0 + "&" }.joined()
    texts = ["postgresql://" + login + parts[0][authority.endIndex...] + "?" + query]
    add(server, before: "")
    write = { place in
      switch place {
      case .unix(let path):
        let port = path.split(separator: ".").last ?? ""
        return "host=\(name.percentEncoded)&port=\(port)"
      case .port(let port): return "host=\(name.percentEncoded)&hostaddr=127.0.0.1&port=\(port)"
      }
    }
  }
}
