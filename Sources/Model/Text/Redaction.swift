/// Texts without the credentials of the URLs in them.
///
/// What cannot be told apart from a credential is one: an unescaped `?` in a password, a port that is no number, a setting
/// that we do not know, a connection string of another form.
public enum Redaction {
  /// What stands for a credential.
  public static let mask = "***"

  /// The settings behind the `?` of a URL whose values are no secrets.
  private static let harmless: Set<Substring> = [
    "application_name", "connect_timeout", "db", "host", "hostaddr", "port", "socket", "ssl-ca", "sslmode",
    "sslrootcert",
    "target_session_attrs",
  ]

  // MARK: - One URL

  /// A URL, or what was written in its place, without user, password and the values of settings that may be secret.
  public static func url(_ text: String) -> String {
    guard let separator = text.firstRange(of: "://") else {
      return text.contains("=") || text.contains("@") ? mask : text
    }
    guard separator.lowerBound > text.startIndex, text[..<separator.lowerBound].allSatisfy(isOfScheme) else {
      return mask
    }
    let scheme = text[..<separator.upperBound]
    let parts = text[separator.upperBound...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, parts[1].contains("@") { return scheme + mask }
    let at = parts[0].lastIndex(of: "@")
    let place = at.map { parts[0][parts[0].index(after: $0)...] } ?? parts[0]
    guard isPlace(place) else { return scheme + mask }
    let settings = parts.dropFirst().map { "?" + $0.split(separator: "&").map(setting).joined(separator: "&") }
    return scheme + (at == nil ? "" : mask + "@") + place + settings.joined()
  }

  private static func setting(_ text: Substring) -> String {
    let name = text.prefix { $0 != "=" }
    return harmless.contains(name) ? String(text) : name.count < text.count ? "\(name)=\(mask)" : mask
  }

  /// Whether this begins with hosts and ports. A password that was not escaped, or whose host is missing, does not.
  private static func isPlace(_ text: Substring) -> Bool {
    let authority = text.prefix { $0 != "/" }
    guard authority.firstRange(of: "%40") == nil, !text.contains(where: \.isWhitespace) else { return false }
    return authority.split(separator: ",").allSatisfy { host in
      let end = host.lastIndex(of: "]") ?? host.startIndex
      guard let colon = host[end...].lastIndex(of: ":") else { return host.allSatisfy(isOfHost) }
      return host[..<colon].allSatisfy(isOfHost) && host[colon...].dropFirst().allSatisfy(\.isNumber)
    }
  }

  private static func isOfScheme(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "+.-".contains(character))
  }

  private static func isOfHost(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || ".-_%:[]".contains(character)
  }

  // MARK: - URLs in a text

  /// A text with each URL in it without its credentials. A URL reaches to the next blank, and as far as the last `@` of
  /// its line: a password may hold anything.
  public static func urls(in text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let separator = rest.firstRange(of: "://") {
      var start = separator.lowerBound
      while start > rest.startIndex, isOfScheme(rest[rest.index(before: start)]) { start = rest.index(before: start) }
      let line = rest[start...].prefix { !$0.isNewline }
      let at = line.lastIndex(of: "@") ?? line.startIndex
      var url = line.prefix(upTo: line[at...].firstIndex(where: \.isWhitespace) ?? line.endIndex)
      while let last = url.last, "\"'`)>]},.;:!?".contains(last) { url.removeLast() }
      if start == separator.lowerBound || url.endIndex < separator.upperBound {
        // No scheme: a text about URLs.
        result += rest[..<separator.upperBound]
        rest = rest[separator.upperBound...]
      } else {
        result += rest[..<start] + self.url(String(url))
        rest = rest[url.endIndex...]
      }
    }
    return result + rest
  }

  // MARK: - Command lines

  /// An argument of a command line as it may be stored and shown: without the credentials of a URL in it, and without the
  /// value of anything called password. What it sets a service to is shown when it is a plain word or a URL.
  public static func argument(_ text: String) -> String {
    if let services = text.firstRange(of: "services"), let equals = text[services.upperBound...].firstIndex(of: "=") {
      let value = text[equals...].dropFirst()
      let shown = value.allSatisfy(isOfScheme) ? String(value) : value.contains("://") ? url(String(value)) : mask
      return text[...equals] + shown
    }
    let shown = urls(in: text)
    guard let password = shown.firstRange(of: #/password=/#.ignoresCase()) else { return shown }
    return shown[..<password.upperBound] + mask
  }
}
