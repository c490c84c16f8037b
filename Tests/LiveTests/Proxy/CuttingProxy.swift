import Model
import Runtime

@testable import Proxy

/// A TCP port that passes everything on to another one, or to a unix socket, and can cut all connections at any moment.
final class CuttingProxy: Sendable {
  let port: Int
  private let proxy: ServiceProxy
  private let link: ServiceProxy.Link

  convenience init(to port: Int) throws { try self.init(SocketAddress.resolve(host: "127.0.0.1", port: "\(port)")) }

  convenience init(toSocket path: String) throws { try self.init([.unix(path: path)]) }

  private init(_ target: [SocketAddress]) throws {
    proxy = try ServiceProxy()
    let listening = try ListeningSocket(before: ServiceAddress.Server(host: "127.0.0.1", port: "0"))
    guard case .port(let port) = listening.place else { throw SetupFailure("a port was asked for") }
    self.port = port
    link = proxy.stand(before: target, listening, recognising: nil)
  }

  /// Ends all connections in both directions at once; what is on its way is lost.
  func cut() { proxy.disturb(.reset, [link]) }

  /// Cuts everything and lets nobody in.
  func stop() { proxy.disturb(.refuse, [link]) }
}
