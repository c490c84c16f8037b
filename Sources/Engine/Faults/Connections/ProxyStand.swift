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
    if let member, !stood.links.indices.contains(member) {
      throw FaultFailure("\(service) has \(stood.links.count) servers, counted from 0, and none of number \(member)")
    }
    links = member.map { [stood.links[$0]] } ?? stood.links
    addresses[service] = stood.url
  }
}
