internal import Model
internal import Words

/// A setting with an order, along which the order of strategies may change.
public enum Factor: String, Sendable, CaseIterable {
  /// Number of workers.
  case workers
  /// Records fought over: fewer means more contention.
  case keys
  /// Time inside the critical section.
  case hold

  /// The value at which a ranking was measured: a count, or nanoseconds.
  public func value(of ranking: Ranking) -> Double {
    switch self {
    case .workers: Double(ranking.point.workers)
    case .keys: Double(ranking.conditions.keys)
    case .hold: ranking.conditions.hold / .nanoseconds(1)
    }
  }

  /// A value in a sentence: `8 workers`, `1 key`, `1.00 ms hold time`.
  public func text(_ value: Double) -> String {
    switch self {
    case .workers: counted(Int64(value), "worker")
    case .keys: counted(Int64(value), "key")
    case .hold: value > 0 ? "\(formatDuration(nanoseconds: value)) hold time" : "no hold time"
    }
  }

  /// What must be equal in all rankings of a series along this factor.
  func rest(of ranking: Ranking) -> String {
    let settings = ranking.point.variant.split(separator: ",").map { $0.drop { $0 == " " } }
    let others = settings.filter { $0.prefix { $0 != "=" } != rawValue[...] }
    let conditions = ranking.conditions
    var parts = [conditions.workload, "\(conditions.distribution)", "\(conditions.think)", "\(ranking.processes)"]
    parts.append("\(conditions.ratePerSecond ?? 0) \(conditions.arrivals.name)")
    parts += conditions.distances.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    if self != .workers { parts.append("\(ranking.point.workers)") }
    if self != .keys { parts.append("\(conditions.keys)") }
    if self != .hold { parts.append("\(conditions.hold)") }
    return (parts + others.map(String.init)).joined(separator: ";")
  }
}
