#if Etcd
internal import Model

/// The members of an etcd cluster, any of which answers every request; one of them is asked until it is lost.
struct Endpoints: Sendable, CustomStringConvertible {
  private let all: [Endpoint]
  private var index = 0

  /// Reads `http://host[:port][,http://host[:port]...]`.
  init(url: String) throws(SetupFailure) {
    var all: [Endpoint] = []
    for part in url.split(separator: ",", omittingEmptySubsequences: false) {
      all.append(try Endpoint(url: String(part)))
    }
    self.all = all
  }

  /// The same for a worker: they spread over the members.
  func beginning(with worker: Int) -> Endpoints {
    var endpoints = self
    endpoints.index = worker % all.count
    return endpoints
  }

  var count: Int { all.count }
  /// The member that is asked now.
  var current: Endpoint { all[index] }
  /// Asks another member from now on, if there is one.
  mutating func moveOn() { index = (index + 1) % all.count }

  var description: String { all.map(\.description).joined(separator: ",") }
}
#endif
