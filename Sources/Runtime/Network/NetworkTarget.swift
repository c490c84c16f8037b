public import Model

/// The host and the port that a URL of a service names: `host:port`, `[host]:port`, or one of them alone.
public enum NetworkTarget {
  /// Takes them apart; nothing stands for `localhost`.
  ///
  /// - Parameters:
  ///   - usualPort: the port where none is named.
  ///   - software: whose URL it is, for the message: `Redis`.
  /// - Throws: when what should be the port is no number from 1 to 65535.
  public static func parse(
    _ target: Substring, usualPort: Int, of software: String
  ) throws(SetupFailure) -> (host: String, port: Int) {
    var host = target
    var port: Substring?
    if let bracket = target.lastIndex(of: "]"), target.hasPrefix("[") {
      host = target[..<bracket].dropFirst()
      let after = target[bracket...].dropFirst()
      if after.hasPrefix(":") { port = after.dropFirst() }
    } else if let colon = target.lastIndex(of: ":") {
      host = target[..<colon]
      port = target[colon...].dropFirst()
    }
    guard let number = port.map({ Int($0) }) ?? usualPort, (1...65535).contains(number) else {
      // Not quoted: it is a password when the host was forgotten.
      throw SetupFailure(
        "the port of the \(software) URL, behind the colon after the host, must be a number from 1 to 65535")
    }
    return (host.isEmpty ? "localhost" : String(host), number)
  }
}
