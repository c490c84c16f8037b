#if MariaDB
internal import Model

/// Where a MariaDB server is, and as whom to enter. Holds credentials: nothing here is ever printed.
struct Address: Sendable, Equatable {
  /// Nil when the server has a unix socket.
  private(set) var host: String?
  private(set) var port: UInt32 = 3306
  private(set) var socket: String?
  private(set) var user: String?
  private(set) var password: String?

  /// Reads `mariadb://[user[:password]@]host[:port]` or `mariadb://[user[:password]@]localhost?socket=/path`; the scheme
  /// may be `mysql`. User, password and path may be percent-encoded. A path after the host is not needed and ignored: the
  /// run makes a database of its own.
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
    if parts.count == 2 { try setQuery(parts[1]) }
    guard host != nil || socket != nil else { throw Self.unreadable }
  }

  private static let unreadable = SetupFailure(
    "services.mariadb is not an address that we understand; write mariadb://USER:PASSWORD@HOST:PORT or "
      + "mariadb://USER@localhost?socket=/PATH, with special characters as %XX, or leave the password to MYSQL_PWD")

  private mutating func setCredentials(_ text: Substring) throws(SetupFailure) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let decoded = parts.map { Self.percentDecoded($0) }
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
    }
    host = String(name.hasPrefix("[") ? name.dropFirst().dropLast() : name)
  }

  private mutating func setQuery(_ query: Substring) throws(SetupFailure) {
    guard query.hasPrefix("socket="), let path = Self.percentDecoded(query.dropFirst("socket=".count)),
      path.hasPrefix("/")
    else { throw Self.unreadable }
    socket = path
    host = nil
  }

  /// The text with `%41` and the like replaced (RFC 3986, section 2.1); nil when an escape or the result is not valid.
  private static func percentDecoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = Substring(rest.prefix(2))
      guard digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit), let code = UInt8(digits, radix: 16) else {
        return nil
      }
      rest = rest.dropFirst(2)
      bytes.append(code)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

extension Address: CustomStringConvertible {
  /// Where the server is, for messages: no credentials.
  var description: String { socket ?? "\(host ?? ""):\(port)" }
}
#endif
