internal import Model
internal import Runtime

/// The servers of a Redlock around a trial: what is done with one server is done with each.
final class RedlockAdministration: StoreAdministration {
  private let nodes: [RedisAdministration]

  /// Connects to all.
  ///
  /// - Parameter url: the URLs of the servers, separated by commas; may hold credentials.
  init(url: String, namespace: String) throws(SetupFailure) {
    var nodes: [RedisAdministration] = []
    for url in url.split(separator: ",") {
      nodes.append(try RedisAdministration(url: String(url), namespace: namespace))
    }
    self.nodes = nodes
  }

  /// There are only locks here, never records.
  func prepare(values: [Int64]) throws(SetupFailure) {
    for node in nodes { try node.prepare(values: []) }
  }

  func settle(within limit: Duration) throws(SetupFailure) {
    for node in nodes { try node.settle(within: limit) }
  }

  func values() throws(SetupFailure) -> [Int64] { [] }

  /// Commands of all servers together.
  func counts() throws(SetupFailure) -> [String: Int64] {
    var commands: Int64 = 0
    for node in nodes { commands += try node.counts()["commands"] ?? 0 }
    return ["commands": commands]
  }

  /// A server that did not answer in time may have run what was sent to it.
  func crossChecks(_ total: Tally) throws(SetupFailure) -> [CrossCheck] {
    let lost = total[.unknown] + total[.connectionLost] + total[.error] + total[.reconnects]
    guard let server = try counts()["commands"] else { return [] }
    return [CrossCheck(name: "commands", client: total[.statements], server: server, slack: 10 * lost)]
  }

  func describe() throws(SetupFailure) -> ServerDescription {
    guard let first = nodes.first else { throw SetupFailure("services.redlock names no server") }
    var description = try first.describe()
    description.settings["instances"] = "\(nodes.count)"
    return description
  }

  func endSession() {
    for node in nodes { node.endSession() }
  }

  func remove() throws(SetupFailure) {
    for node in nodes { try node.remove() }
  }
}
