#if MariaDB
internal import CMariaDB
internal import Model

/// Where a MariaDB server is, and as whom to enter. Holds credentials: nothing here is ever printed.
struct Address: Sendable, Equatable {
  /// Nil when the server has a unix socket.
  private(set) var host: String?
  private(set) var port: UInt32 = 3306
  /// Whether the URL states the port. Then `localhost` means TCP, where libraries otherwise take the unix socket of their
  /// configuration.
  private var hasPort = false
  private(set) var socket: String?
  private(set) var user: String?
  private(set) var password: String?
  /// A PEM file with the authorities whose certificate the server must have, for its name; nil without TLS.
  private(set) var authorities: String?

  /// Reads `mariadb://[user[:password]@]host[:port][?ssl-ca=/path]` or
  /// `mariadb://[user[:password]@]localhost?socket=/path`; the scheme may be `mysql`. User, password and paths may be
  /// percent-encoded. A path after the host is not needed and ignored: the
  /// run makes a database of its own. A port means TCP, also on `localhost`.
  ///
  /// - Throws: a sentence that holds no credentials.
  init(url: String) throws(SetupFailure) {
    guard let separator = url.firstRange(of: "://"), ["mariadb", "mysql"].contains(url[..<separator.lowerBound]) else {
      throw Self.unreadable
    }
    let parts = url[separator.upperBound...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var target = parts[0]
    if let at = target.lastIndex(of: "@") {
      try setCredentials(target[..<at])
      target = target[target.index(after: at)...]
    }
    try setHost(target.prefix { $0 != "/" })
    if parts.count == 2 { for setting in parts[1].split(separator: "&") { try set(setting) } }
    guard host != nil || socket != nil, !(hasPort && socket != nil) else { throw Self.unreadable }
  }

  private static let unreadable = SetupFailure(
    "services.mariadb is not an address that we understand; write mariadb://USER:PASSWORD@HOST:PORT or "
      + "mariadb://USER@localhost?socket=/PATH, for TLS with ?ssl-ca=/PATH behind the port, "
      + "with special characters as %XX, or leave the password to MYSQL_PWD")

  private mutating func setCredentials(_ text: Substring) throws(SetupFailure) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let decoded = parts.map(\.percentDecoded)
    guard let user = decoded[0], !decoded.contains(nil) else { throw Self.unreadable }
    self.user = user.isEmpty ? nil : user
    password = decoded.count == 2 ? decoded[1] : nil
  }

  private mutating func setHost(_ text: Substring) throws(SetupFailure) {
    guard !text.isEmpty else { return }
    let colon = text.last == "]" ? nil : text.lastIndex(of: ":")
    let name = text[..<(colon ?? text.endIndex)]
    if let colon {
      guard let number = UInt32(text[text.index(after: colon)...]), (1...65_535).contains(number) else {
        throw Self.unreadable
      }
      port = number
      hasPort = true
    }
    host = String(name.hasPrefix("[") ? name.dropFirst().dropLast() : name)
  }

  private mutating func set(_ setting: Substring) throws(SetupFailure) {
    let words = setting.split(separator: "=", maxSplits: 1)
    guard words.count == 2, let path = words[1].percentDecoded, path.hasPrefix("/") else { throw Self.unreadable }
    switch words[0] {
    case "socket":
      socket = path
      host = nil
    case "ssl-ca": authorities = path
    default: throw Self.unreadable
    }
  }

  /// Prepares a connection that is not yet open. It speaks TCP where a port is stated; TLS, if that was asked for: never
  /// without, and only with a server that is the one it says.
  func prepare(_ handle: UnsafeMutablePointer<MYSQL>) {
    if hasPort {
      var tcp = MYSQL_PROTOCOL_TCP.rawValue
      mysql_options(handle, MYSQL_OPT_PROTOCOL, &tcp)
    }
    guard let authorities else { return }
    var yes: my_bool = 1
    mysql_options(handle, MYSQL_OPT_SSL_CA, authorities)
    mysql_options(handle, MYSQL_OPT_SSL_ENFORCE, &yes)
    mysql_options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes)
  }
}

extension Address: CustomStringConvertible {
  /// Where the server is, for messages: no credentials.
  var description: String {
    if let socket { return socket }
    return host == "localhost" && !hasPort
      ? "localhost by the usual unix socket (state a port for TCP)" : "\(host ?? ""):\(port)"
  }
}
#endif
