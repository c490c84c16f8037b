internal import Model

/// A circle of transactions, each of which must come before the next.
struct DependencyCycle {
  /// Its name by the kinds of its edges.
  let kind: Violation.Kind
  let edges: [DependencyGraph.Edge]

  init(_ edges: [DependencyGraph.Edge]) {
    self.edges = edges
    let antiDependencies = edges.count { $0.kind == .readWrite }
    kind =
      switch antiDependencies {
      case 0: edges.contains { $0.kind == .writeRead } ? .g1c : .g0
      case 1: .gSingle
      default: .g2Item
      }
  }
}

extension DependencyGraph {
  /// Cycles that are looked for in one group of transactions, for each kind: a group may have more than anybody counts.
  private static let cyclesPerGroup = 200

  /// The shortest cycles of each kind, one through each edge that makes the kind what it is, the shortest first; those
  /// over the same transactions count once.
  func cycles() -> [DependencyCycle] {
    var found: [DependencyCycle] = []
    // From the worst kind on: which edges a cycle may have, and which one it must have.
    found += cycles(through: { $0.kind == .writeWrite }) { $0.kind == .writeWrite }
    found += cycles(through: { $0.kind == .writeRead }) { $0.kind != .readWrite }
    found += cycles(through: { $0.kind == .readWrite }) { $0.kind != .readWrite }
    found += cycles(through: { $0.kind == .readWrite }) { _ in true }
    var seen: Set<[Int]> = []
    return found.filter { seen.insert([$0.kind.rank] + $0.edges.map(\.from).sorted()).inserted }
      .sorted { ($0.kind.rank, $0.edges.count) < ($1.kind.rank, $1.edges.count) }
  }

  /// Closes each edge that `isFirst` with the shortest path back along edges that `counts`.
  private func cycles(through isFirst: (Edge) -> Bool, _ counts: (Edge) -> Bool) -> [DependencyCycle] {
    let groups = components { isFirst($0) || counts($0) }
    var component = Array(repeating: -1, count: outgoing.count)
    for (number, group) in groups.enumerated() { for node in group { component[node] = number } }
    var found: [DependencyCycle] = []
    for group in groups {
      var left = Self.cyclesPerGroup
      for node in group.sorted() {
        for edge in outgoing[node] where isFirst(edges[edge]) && component[edges[edge].to] == component[node] {
          if left == 0 { break }
          left -= 1
          guard let path = shortestPath(from: edges[edge].to, to: node, within: component, counts) else { continue }
          found.append(DependencyCycle([edges[edge]] + path.map { edges[$0] }))
        }
      }
    }
    return found
  }
}

extension Violation.Kind {
  fileprivate var rank: Int { Self.anomalies.firstIndex(of: self) ?? Self.anomalies.count }
}
