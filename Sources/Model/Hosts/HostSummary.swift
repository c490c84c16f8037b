/// One host of a cell, over the trials in which it took part.
public struct HostSummary: Sendable, Equatable {
  /// One trial as the host saw it.
  struct Part: Sendable, Equatable {
    let record: HostRecord
    /// Length of the measured window in seconds.
    let seconds: Double
    /// Whether the figures of the trial count: it did not fail, and nobody disturbed it.
    let counts: Bool
  }
  /// In the order of the repetitions; never empty.
  let parts: [Part]

  /// Its records, in the order of the repetitions; never empty.
  public var records: [HostRecord] { parts.map(\.record) }
  /// Its place among the hosts, from 0.
  public var rank: Int { parts[0].record.rank }
  /// Its name, as it calls itself.
  public var name: String { parts[0].record.name }
  /// The host in words: `host 3 (so3)`.
  public var inWords: String { parts[0].record.inWords }
  /// Processors that are online there.
  public var processors: Int { parts[0].record.processors }
  /// How many of the workers ran there.
  public var workers: Int { parts[0].record.workers }
  /// Trials in which it took part.
  public var trialCount: Int { parts.count }
  /// Trials whose evidence of it never came.
  public var lostCount: Int { parts.count { $0.record.isLost && !$0.record.isDelivered } }
  /// Trials whose evidence of it came after it had been lost.
  public var deliveredCount: Int { parts.count(where: \.record.isDelivered) }
  /// Signs of life that did not come, over all trials.
  public var beatsMissed: Int { parts.reduce(0) { $0 + $1.record.beatsMissed } }
  /// Operations committed there per second, over all trials whose evidence of it came; nil when none did.
  public var committedPerSecond: Double? {
    let known = parts.compactMap { part in part.record.committed.map { (count: $0, seconds: part.seconds) } }
    let seconds = known.reduce(0) { $0 + $1.seconds }
    return seconds > 0 ? known.reduce(0) { $0 + Double($1.count) } / seconds : nil
  }
  /// Median over the trials of the 99th percentile of its latency, nanoseconds; nil when no trial supports it.
  public var p99Nanoseconds: UInt64? {
    let values = records.compactMap(\.p99Nanoseconds).sorted()
    return values.isEmpty ? nil : values[(values.count - 1) / 2]
  }
  /// The widest bound of its clock, nanoseconds; nil when none is known.
  public var boundNanoseconds: Int64? { records.compactMap(\.boundNanoseconds).max() }
  /// Its record of the trial in which its processors were used most; nil when it is not known of any.
  public var busiest: HostRecord? {
    records.filter { $0.busyRatio != nil }.max { ($0.busyRatio ?? 0) < ($1.busyRatio ?? 0) }
  }
  /// Whether it had nothing left to give in at least half of the trials whose figures count.
  public var isSaturated: Bool {
    let counted = parts.filter { $0.counts && $0.record.busyRatio != nil }
    let saturated = counted.count(where: \.record.isSaturated)
    return saturated > 0 && saturated * 2 >= counted.count
  }
  /// What disturbed it, each reason once.
  public var disturbances: [String] {
    records.flatMap(\.disturbances).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension CellSummary {
  /// The hosts over which its workers were spread, by rank; none on one machine. A host that took the place of another one
  /// stands behind it.
  public var hosts: [HostSummary] {
    var order: [HostRecord.Identity] = []
    var parts: [HostRecord.Identity: [HostSummary.Part]] = [:]
    for trial in trials {
      let counts = trial.failure == nil && !trial.machine.isDisturbed
      for record in trial.hosts?.hosts ?? [] {
        let identity = HostRecord.Identity(rank: record.rank, name: record.name)
        if parts[identity] == nil { order.append(identity) }
        parts[identity, default: []].append(
          HostSummary.Part(record: record, seconds: trial.measuredSeconds, counts: counts))
      }
    }
    return order.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
      .compactMap { parts[$0.element].map(HostSummary.init) }
  }

  /// What was seen of critical sections of different hosts, all measurements together; nil when none were written down.
  public var holdsBetweenHosts: HoldsBetweenHosts? {
    let all = measurements.compactMap(\.hosts?.holds)
    guard !all.isEmpty else { return nil }
    return all.reduce(into: HoldsBetweenHosts()) { sum, holds in
      sum.compared += holds.compared
      sum.overlaps += holds.overlaps
      sum.apart += holds.apart
      sum.undecided += holds.undecided
      sum.resolutionNanoseconds = max(sum.resolutionNanoseconds, holds.resolutionNanoseconds)
    }
  }
}

extension HostRecord {
  /// What makes a host of one trial that of another.
  fileprivate struct Identity: Hashable {
    let rank: Int
    let name: String
  }
}
