internal import Hosts

/// The address on which a driver listens for its hosts.
enum FleetAddress {
  /// The one that the user states, else that of the route to the first host of the list, else that of the route to
  /// anywhere. Never all addresses, unless they are written out.
  static func find(_ settings: FleetSettings) throws(HostFailure) -> HostAddress {
    if let listen = settings.listen { return listen }
    do throws(HostFailure) {
      return try HostAddress("\(try route(settings)):0")
    } catch {
      throw HostFailure(.usage, "cannot tell at which address other hosts reach this one; state --listen ADDRESS:0")
    }
  }

  /// The address that agents are told: the one that is listened on, or, where those are all, the one of the route to them.
  static func reached(
    _ address: HostAddress, port: UInt16, _ settings: FleetSettings
  ) throws(HostFailure) -> HostAddress {
    let host = ["0.0.0.0", "::"].contains(address.host) ? try route(settings) : address.host
    return try HostAddress("\(host.contains(":") ? "[\(host)]" : host):\(port)")
  }

  private static func route(_ settings: FleetSettings) throws(HostFailure) -> String {
    var towards = elsewhere
    if case .launcher(_, let hostList) = settings.starter, let first = hostList.first {
      towards = String(first.split(separator: "@").last ?? "")
      if let colon = towards.lastIndex(of: ":"), !towards.contains("]") { towards = String(towards[..<colon]) }
    }
    return try HostAddress.local(towards: towards)
  }

  /// An address of the block for documentation (RFC 5737): asking for the way there sends nothing.
  private static let elsewhere = "192.0.2.1"
}
