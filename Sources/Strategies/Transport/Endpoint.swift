package import Model
package import Runtime

/// Where a server is whose address is an `http` or `https` URL.
package struct Endpoint: Sendable, CustomStringConvertible {
  package let host: String
  package let port: String
  /// How to recognise the server; nil without TLS.
  let security: TLSContext?

  /// Reads `http://host[:port]`, or `https://host[:port]` for TLS.
  ///
  /// - Parameters:
  ///   - software: what the server is, for messages.
  ///   - defaultPort: used when the URL states none.
  ///   - securePort: the same with TLS.
  package init(
    url: String, software: String, defaultPort: String, securePort: String
  ) throws(SetupFailure) {
    let isSecure = url.hasPrefix("https://")
    let rest = url.dropFirst(isSecure ? "https://".count : "http://".count)
    let authority = rest.hasSuffix("/") ? rest.dropLast() : rest
    let colon = authority.last == "]" ? nil : authority.lastIndex(of: ":")
    let name = authority[..<(colon ?? authority.endIndex)]
    let number = colon.map { String(authority[authority.index(after: $0)...]) } ?? (isSecure ? securePort : defaultPort)
    guard isSecure || url.hasPrefix("http://"), !name.isEmpty, !authority.contains(where: { "@/?#".contains($0) }),
      (1...65_535).contains(Int(number) ?? 0)
    else {
      throw SetupFailure(
        "the URL of \(software) is http[s]://host[:port], without user and password, but "
          + "'\(Redaction.url(url))' is not")
    }
    host = String(name.hasPrefix("[") ? name.dropFirst().dropLast() : name)
    port = number
    security = isSecure ? try TLSContext() : nil
  }

  package var isSecure: Bool { security != nil }

  /// As in the `Host` line (RFC 9110, section 7.2): without the port that the scheme implies.
  package var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (isSecure ? "443" : "80") ? name : "\(name):\(port)"
  }

  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// The addresses of the host, in the order in which they are to be tried. Blocks.
  package var addresses: [SocketAddress] { SocketAddress.resolve(host: host, port: port) }
}
