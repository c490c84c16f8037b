package import Model

/// Servers any of which answers every request; one of them is asked until it is lost.
package struct Endpoints: Sendable, CustomStringConvertible {
  private let all: [Endpoint]
  private var index = 0

  /// - Parameter all: at least one.
  package init(_ all: [Endpoint]) { self.all = all }

  /// The same for a worker: they spread over the servers.
  package func beginning(with worker: Int) -> Endpoints {
    var endpoints = self
    endpoints.index = worker % all.count
    return endpoints
  }

  package var count: Int { all.count }
  /// The one that is asked now.
  package var current: Endpoint { all[index] }
  /// Asks another one from now on, if there is one.
  package mutating func moveOn() { index = (index + 1) % all.count }

  /// Says that there is nobody, or why the one who is there cannot be talked to.
  package func unreachable(_ software: String, _ problem: String?) -> SetupFailure {
    SetupFailure("cannot reach \(software) at \(self): \(problem ?? "is it running there?")")
  }

  package var description: String { all.map(\.description).joined(separator: ",") }
}
