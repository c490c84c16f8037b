/// Databases over which records are spread and that lie on one server.
extension ServiceSettings {
  /// Groups of services by URL that name the same server, as far as their addresses tell; each sorted by name.
  public func databasesOfOneServer(among services: [String]) -> [[String]] {
    var groups: [String: [String]] = [:]
    for service in services {
      guard case .url(let url) = self[service], let server = Self.server(url) else { continue }
      groups[server, default: []].append(service)
    }
    return groups.values.filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }

  /// Host and port of a URL, wherever they stand in it; nil when it has none. Without credentials and database.
  private static func server(_ url: String) -> String? {
    guard let scheme = url.firstRange(of: "://") else { return nil }
    let rest = url[scheme.upperBound...]
    let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let place = parts[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)[0]
    let host = place.lastIndex(of: "@").map { place[place.index(after: $0)...] } ?? place
    let settings = (parts.count > 1 ? parts[1] : "").split(separator: "&")
      .filter { setting in ["host=", "port=", "socket=", "hostaddr="].contains { setting.hasPrefix($0) } }
    let all = ([String(host)] + settings.map(String.init).sorted()).filter { !$0.isEmpty }
    return all.isEmpty ? nil : all.joined(separator: " ")
  }
}
