internal import Model

/// Settings of servers that strategies change, as they were.
struct ReplicationSettings {
  /// By server.
  private let former: [[(name: String, value: String)]]

  /// Asks the servers.
  init(of servers: [RedisAdministration]) throws(SetupFailure) {
    var former: [[(name: String, value: String)]] = []
    for server in servers {
      var settings: [(name: String, value: String)] = []
      for name in ["min-replicas-to-write", "min-replicas-max-lag"] {
        settings.append((name, try server.setting(name)))
      }
      former.append(settings)
    }
    self.former = former
  }

  /// Sets them as they were.
  func putBack(on servers: [RedisAdministration]) throws(SetupFailure) {
    for (server, settings) in zip(servers, former) {
      for (name, value) in settings { try server.command("CONFIG", "SET", name, value) }
    }
  }
}

extension RedisAdministration {
  /// The value of a setting.
  func setting(_ name: String) throws(SetupFailure) -> String {
    guard let value = try command("CONFIG", "GET", name).elements.last?.text else {
      throw SetupFailure("Redis at \(configuration.address) does not tell its setting '\(name)'")
    }
    return value
  }
}
