#if RabbitMQ
internal import Model
internal import Runtime

/// Where a RabbitMQ broker is, and as whom to enter.
struct BrokerAddress: Sendable, Equatable {
  let host: String
  let port: Int
  /// The user and password of a new broker when the URL names none; it accepts them over the loopback interface only.
  private(set) var user = "guest"
  private(set) var password = "guest"
  private(set) var virtualHost = "/"

  private static let form = "amqp://[user:password@]host[:port][/virtual-host]"

  /// Reads `amqp://[user:password@]host[:port][/virtual-host]`. User, password and virtual host may be percent-encoded;
  /// without one it is `/`, which is written `%2F`.
  ///
  /// - Throws: a sentence that holds no credentials.
  init(url: String) throws(SetupFailure) {
    if url.hasPrefix("amqps://") {
      throw SetupFailure(
        "the RabbitMQ URL asks for TLS (amqps://), which is not built in; use amqp:// through a TLS tunnel such as "
          + "stunnel"
      )
    }
    guard url.hasPrefix("amqp://") else {
      throw SetupFailure("a RabbitMQ URL is \(Self.form), but '\(Redaction.url(url))' is not")
    }
    var target = url.dropFirst("amqp://".count)
    guard !target.contains("?") else {
      throw SetupFailure("a RabbitMQ URL is \(Self.form); nothing after a ? is understood")
    }
    var credentials: Substring?
    if let at = target.lastIndex(of: "@") {
      credentials = target[..<at]
      target = target[target.index(after: at)...]
    }
    let slash = target.firstIndex(of: "/") ?? target.endIndex
    (host, port) = try NetworkTarget.parse(target[..<slash], usualPort: 5672, of: "RabbitMQ")
    let path = target[slash...].dropFirst()
    if !path.isEmpty {
      guard let name = path.percentDecoded, !path.contains("/") else {
        throw SetupFailure("the virtual host of a RabbitMQ URL is one word, percent-encoded: / is written %2F")
      }
      virtualHost = name
    }
    try setCredentials(credentials)
  }

  private mutating func setCredentials(_ credentials: Substring?) throws(SetupFailure) {
    guard let credentials, !credentials.isEmpty else { return }
    let parts = credentials.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let user = parts[0].percentDecoded, let password = parts[1].percentDecoded, !user.isEmpty
    else { throw SetupFailure("before the @ of a RabbitMQ URL there must be user:password, percent-encoded") }
    self.user = user
    self.password = password
  }

  /// What to connect to, in this order. Blocks while a name is looked up.
  var sockets: [SocketAddress] { SocketAddress.resolve(host: host, port: String(port)) }
}

extension BrokerAddress: CustomStringConvertible {
  /// Where the broker is, for messages: no credentials.
  var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
#endif
