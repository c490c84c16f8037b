internal import Model

/// What a server is among others, from `INFO`: whether a run can have it at all.
struct ServerRole {
  private var fields: [Substring: Substring] = [:]

  /// Reads lines such as `role:slave`.
  init(information: String) {
    for line in information.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { fields[parts[0]] = parts[1] }
    }
  }

  /// Refuses a server that takes no writes, or not all of them.
  func check(_ address: RedisAddress) throws(SetupFailure) {
    if fields["redis_mode"] == "sentinel" {
      throw SetupFailure(
        "Redis at \(address) is a Sentinel, which holds no data; name the master that it watches in the URL")
    }
    if fields["cluster_enabled"] == "1" {
      throw SetupFailure(
        "Redis at \(address) belongs to a Redis Cluster, whose commands must not touch keys of several hash slots as ours "
          + "do; name a server with 'cluster-enabled no' in the URL")
    }
    if fields["role"] == "slave" {
      throw SetupFailure(
        "Redis at \(address) is a replica, which takes no writes; name its master in the URL: \(master)")
    }
  }

  /// Whether it follows another one.
  var isReplica: Bool { fields["role"] == "slave" }
  /// Whether it hears what its primary does.
  var isLinked: Bool { fields["master_link_status"] == "up" }
  /// Where its primary is; nil for a primary.
  var primary: (host: String, port: String)? {
    guard isReplica, let host = fields["master_host"], let port = fields["master_port"] else { return nil }
    return (String(host), String(port))
  }
  /// The history of changes that it shares with its primary.
  var replication: Substring? { fields["master_replid"] }
  /// Up to where in that history it is.
  var offset: Int64? { (fields[isReplica ? "slave_repl_offset" : "master_repl_offset"]).flatMap { Int64($0) } }

  /// Whether it follows a primary and has all that it has.
  func hasAll(of primary: ServerRole) -> Bool {
    guard isLinked, replication == primary.replication, let offset else { return false }
    return offset >= primary.offset ?? .max
  }

  private var master: String {
    guard let host = fields["master_host"], let port = fields["master_port"] else { return "it does not say which" }
    return "redis://\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }
}
