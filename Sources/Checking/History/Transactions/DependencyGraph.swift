internal import Model

/// Which transaction must come before which other in any order one after the other, and why.
struct DependencyGraph {
  /// How one depends on the other.
  enum Kind: Int {
    /// The second overwrote what the first wrote.
    case writeWrite
    /// The second saw what the first wrote.
    case writeRead
    /// The second overwrote what the first saw.
    case readWrite
  }

  struct Edge {
    let from: Int
    let to: Int
    let kind: Kind
    let key: Int64
    /// What `from` read or wrote, and what `to` did.
    let first: Access.Action
    let second: Access.Action
  }

  private(set) var edges: [Edge] = []
  /// Edges by the transaction that they start at.
  private(set) var outgoing: [[Int]]

  init(transactions: Int) { outgoing = Array(repeating: [], count: transactions) }

  /// Adds an edge; a transaction does not depend on itself.
  mutating func add(
    _ from: Int, _ to: Int, _ kind: Kind, key: Int64, _ first: Access.Action, _ second: Access.Action
  ) {
    if from == to { return }
    outgoing[from].append(edges.count)
    edges.append(Edge(from: from, to: to, kind: kind, key: key, first: first, second: second))
  }

  /// The groups of transactions that reach each other along edges that count (Tarjan 1972), each of two or more.
  func components(_ counts: (Edge) -> Bool) -> [[Int]] {
    var search = ComponentSearch(self)
    for start in outgoing.indices where search.number[start] == 0 { search.visit(start, counts) }
    return search.components
  }

  /// The fewest edges from one transaction to another within a group.
  ///
  /// - Parameter component: the group of each transaction; the path does not leave that of the start.
  func shortestPath(
    from start: Int, to goal: Int, within component: [Int], _ counts: (Edge) -> Bool
  ) -> [Int]? {
    var reachedBy: [Int: Int] = [:]
    var queue = [start]
    var head = 0
    while head < queue.count {
      let node = queue[head]
      head += 1
      for edge in outgoing[node] where counts(edges[edge]) {
        let target = edges[edge].to
        guard component[target] == component[start], target != start, reachedBy[target] == nil else { continue }
        reachedBy[target] = edge
        if target == goal { return path(to: goal, from: start, reachedBy) }
        queue.append(target)
      }
    }
    return nil
  }

  private func path(to goal: Int, from start: Int, _ reachedBy: [Int: Int]) -> [Int] {
    var path: [Int] = []
    var node = goal
    while node != start, let edge = reachedBy[node] {
      path.append(edge)
      node = edges[edge].from
    }
    return path.reversed()
  }
}

/// One run of Tarjan's algorithm, without recursion: a group may be as large as the history.
private struct ComponentSearch {
  private let graph: DependencyGraph
  private(set) var number: [Int]
  private var low: [Int]
  private var isOpen: [Bool]
  private var open: [Int] = []
  private var count = 0
  private(set) var components: [[Int]] = []

  init(_ graph: DependencyGraph) {
    self.graph = graph
    number = Array(repeating: 0, count: graph.outgoing.count)
    low = number
    isOpen = Array(repeating: false, count: graph.outgoing.count)
  }

  mutating func visit(_ start: Int, _ counts: (DependencyGraph.Edge) -> Bool) {
    var calls: [(node: Int, next: Int)] = [(start, 0)]
    enter(start)
    while let (node, next) = calls.last {
      guard next < graph.outgoing[node].count else {
        calls.removeLast()
        if let parent = calls.last?.node { low[parent] = min(low[parent], low[node]) }
        close(node)
        continue
      }
      calls[calls.count - 1].next += 1
      let edge = graph.edges[graph.outgoing[node][next]]
      guard counts(edge) else { continue }
      if number[edge.to] == 0 {
        enter(edge.to)
        calls.append((edge.to, 0))
      } else if isOpen[edge.to] {
        low[node] = min(low[node], number[edge.to])
      }
    }
  }

  private mutating func enter(_ node: Int) {
    count += 1
    number[node] = count
    low[node] = count
    open.append(node)
    isOpen[node] = true
  }

  private mutating func close(_ node: Int) {
    guard low[node] == number[node] else { return }
    var component: [Int] = []
    while let last = open.popLast() {
      isOpen[last] = false
      component.append(last)
      if last == node { break }
    }
    if component.count > 1 { components.append(component) }
  }
}
