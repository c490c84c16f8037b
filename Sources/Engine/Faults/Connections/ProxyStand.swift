internal import Model
internal import Proxy

/// A proxy of a fault, and the ways that the fault is about.
struct ProxyStand: Sendable {
  let proxy: ServiceProxy
  let links: [ServiceProxy.Link]

  /// Puts a proxy before a service.
  ///
  /// - Parameter member: which of several servers, from 0; nil for all.
  init(
    before service: String, _ addresses: inout [String: String], recognising wire: WireProtocol? = nil,
    member: Int? = nil, seed: UInt64 = 1
  ) throws(FaultFailure) {
    guard let url = addresses[service] else { throw FaultFailure("the trial does not use \(service)") }
    let stood: (url: String, links: [ServiceProxy.Link])
    do throws(ProxyFailure) {
      proxy = try ServiceProxy(seed: seed)
      stood = try proxy.stand(before: url, of: service, recognising: wire)
    } catch {
      throw FaultFailure(error.message)
    }
    links = try Self.links(stood.links, of: member, in: service)
    addresses[service] = stood.url
  }

  /// Does something to all ways, or to that to one server.
  func disturb(_ means: CutMeans, member: Int?, in service: String) throws(FaultFailure) {
    proxy.disturb(means, try links(of: member, in: service))
  }

  /// The ways to one server, from 0, or all of them.
  func links(of member: Int?, in service: String) throws(FaultFailure) -> [ServiceProxy.Link] {
    try Self.links(links, of: member, in: service)
  }

  private static func links(
    _ links: [ServiceProxy.Link], of member: Int?, in service: String
  ) throws(FaultFailure) -> [ServiceProxy.Link] {
    guard let member else { return links }
    guard links.indices.contains(member) else {
      throw FaultFailure("\(service) has \(links.count) servers, counted from 0, and none of number \(member)")
    }
    return [links[member]]
  }
}
