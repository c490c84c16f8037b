/// What one fault of a scenario did to a cell, over all of its trials.
public struct FaultSummary: Sendable {
  /// Its position in the scenario, from 0.
  public let fault: Int
  /// Its kind: `pause-worker`.
  public let kind: String
  /// What was done.
  public let summary: String
  /// How it may be called: `pause-worker`; of one that was done to a certain worker, `pause-holder`, too.
  public var names: [String] {
    [kind] + Self.targets.filter { summary.hasSuffix($0) }.map { Self.name(kind, of: $0) }
  }
  /// All names that faults of a kind may have.
  public static func names(of kind: String) -> [String] {
    [kind] + (kind.hasSuffix("-worker") ? targets.map { name(kind, of: $0) } : [])
  }
  private static let targets = ["holder", "waiter"]
  private static func name(_ kind: String, of target: String) -> String { kind.replacing("worker", with: target) }
  /// Every time that it happened.
  public let happened: [FaultRecord]
  /// Trials in which it was planned and did not happen.
  public let missed: Int

  /// From the loss of a holder until somebody was inside again, in seconds, ascending.
  public var takeovers: [Double] { happened.compactMap(\.takeoverSeconds).sorted() }
  /// The same of which nobody saw the end.
  public var openTakeovers: Int { happened.count { $0.takeoverSeconds == nil } }
  /// Median goodput before it, while it lasted, and after it, per second.
  public var goodput: (before: Double?, during: Double?, after: Double?) {
    (
      Self.median(happened.compactMap(\.goodputBefore)), Self.median(happened.compactMap(\.goodputDuring)),
      Self.median(happened.compactMap(\.goodputAfter))
    )
  }
  /// The longest time without a commit, in seconds.
  public var longestStall: Double? { happened.compactMap(\.longestStallSeconds).max() }
  /// Median time until goodput was back at 90 % of what it was, in seconds; nil when it mostly did not come back before
  /// the next fault.
  public var recovery: Double? {
    Self.median(happened.map { $0.recoverySeconds ?? .infinity }).flatMap { $0.isFinite ? $0 : nil }
  }
  /// Critical sections that overlapped.
  public var overlaps: Int64 { happened.reduce(0) { $0 + ($1.overlaps ?? 0) } }
  /// Locks of dead holders that nobody got until the end, though somebody wanted them.
  public var abandonedLocks: Int64 { happened.reduce(0) { $0 + ($1.abandonedLocks ?? 0) } }
  /// The one that was abandoned longest, if any was: its record, and the seconds.
  public var longestAbandoned: (record: Int, seconds: Double)? {
    happened.compactMap { record in
      record.abandonedRecord.flatMap { key in record.abandonedSeconds.map { (key, $0) } }
    }.max { $0.1 < $1.1 }
  }

  /// A value of a sorted list that so many lie at or below; nil when it is empty.
  public static func quantile(_ sorted: [Double], _ share: Double) -> Double? {
    sorted.isEmpty ? nil : sorted[min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.down)))]
  }

  /// The middle of a list; nil when it is empty.
  static func median(_ values: [Double]) -> Double? { quantile(values.sorted(), 0.5) }
}

extension CellSummary {
  /// What each fault did to its trials, in the order of the scenario; empty when nothing was planned.
  public var faults: [FaultSummary] {
    let records = measurements.flatMap(\.faults)
    return Set(records.map(\.fault)).sorted().compactMap { fault in
      let own = records.filter { $0.fault == fault }
      guard let first = own.first else { return nil }
      let happened = own.filter { $0.injectedSecond != nil }
      return FaultSummary(
        fault: fault, kind: first.kind, summary: first.summary, happened: happened, missed: own.count - happened.count)
    }
  }
}
