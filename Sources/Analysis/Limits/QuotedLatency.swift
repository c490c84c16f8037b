public import Model
internal import Words

/// An order of magnitude that people quote for the latency of a kind of mechanism, to stand beside what was measured.
///
/// The ranges are those of system design guides and talks, given without machine, network or contention; that they are
/// compared at all is the point.
public struct QuotedLatency: Sendable, Equatable {
  /// The kind of mechanism.
  public let mechanism: String
  /// The range in nanoseconds; a lower end of 0 means "less than".
  public let nanoseconds: ClosedRange<UInt64>

  /// All of them, fastest first.
  public static let all = [
    QuotedLatency(mechanism: "in-memory compare-and-exchange", nanoseconds: 0...1_000),
    QuotedLatency(mechanism: "in-process lock", nanoseconds: 0...10_000),
    QuotedLatency(mechanism: "database, optimistic", nanoseconds: 1_000_000...10_000_000),
    QuotedLatency(mechanism: "database, pessimistic", nanoseconds: 5_000_000...20_000_000),
    QuotedLatency(mechanism: "Redis lock", nanoseconds: 1_000_000...5_000_000),
    QuotedLatency(mechanism: "ZooKeeper or etcd lock", nanoseconds: 10_000_000...50_000_000),
    QuotedLatency(mechanism: "two-phase commit", nanoseconds: 50_000_000...200_000_000),
    QuotedLatency(mechanism: "saga", nanoseconds: 100_000_000...500_000_000),
    QuotedLatency(mechanism: "read model (CQRS)", nanoseconds: 1_000_000...10_000_000),
    QuotedLatency(mechanism: "event-sourced write (CQRS)", nanoseconds: 50_000_000...200_000_000),
  ]

  /// What people quote for a strategy over a store; nil for controls, floors and mechanisms that nobody quotes.
  ///
  /// - Parameter onlyReads: whether that is what its operations did: people quote a read model apart from the events.
  public static func of(
    _ strategy: StrategyDescriptor, over store: String, onlyReads: Bool = false
  ) -> QuotedLatency? {
    guard strategy.grade == .forbidden, !strategy.id.hasPrefix("floor.") else { return nil }
    let backend = strategy.id.prefix { $0 != "." }
    switch (Family.of(strategy, over: store), backend) {
    case (_, "memory") where ["memory.cas", "memory.fetch-add"].contains(strategy.id): return all[0]
    case (.inProcessLock, _), (_, "host"): return all[1]
    case (.distributedLock, "redis"): return all[4]
    case (.distributedLock, "zookeeper"), (.distributedLock, "etcd"): return all[5]
    case (.twoPhaseCommit, _): return all[6]
    case (.saga, _): return all[7]
    case (_, "postgres") where strategy.id.hasPrefix("postgres.event-"): return all[onlyReads ? 8 : 9]
    case (.optimistic, "postgres"), (.optimistic, "mariadb"): return all[2]
    case (.pessimistic, "postgres"), (.pessimistic, "mariadb"): return all[3]
    default: return nil
    }
  }

  /// How a measured latency stands to the range, in words: `within`, `12 x below`, `3.1 x above`.
  public func words(for measured: UInt64) -> String {
    let value = Double(max(1, measured))
    if measured > nanoseconds.upperBound { return "\(formatRatio(value / Double(nanoseconds.upperBound))) x above" }
    if measured < nanoseconds.lowerBound { return "\(formatRatio(Double(nanoseconds.lowerBound) / value)) x below" }
    return "within"
  }
}
