#if Etcd
internal import NetworkTransport
internal import Model

extension Endpoint {
  /// Reads the URL of a member: `http[s]://host[:port]`.
  init(url: String) throws(SetupFailure) {
    try self.init(url: url, software: "etcd", defaultPort: "2379", securePort: "2379")
  }
}

extension Endpoints {
  /// Reads the URLs of members, any of which answers every request: `http://host[:port][,http://host[:port]...]`.
  init(url: String) throws(SetupFailure) {
    var all: [Endpoint] = []
    for part in url.split(separator: ",", omittingEmptySubsequences: false) {
      all.append(try Endpoint(url: String(part)))
    }
    self.init(all)
  }
}
#endif
