/// One host of a trial whose workers ran on several, and what was seen of it.
public struct HostRecord: Sendable, Equatable, Codable {
  /// Its place among the hosts of the trial, from 0.
  public var rank: Int
  /// Its name, as it calls itself.
  public var name: String
  /// Processors that are online there.
  public var processors: Int
  /// How many of the workers ran there.
  public var workers: Int
  /// Its CLOCK_MONOTONIC minus the driver's, nanoseconds, in the middle of the window; nil when it could not be told.
  public var offsetNanoseconds: Int64?
  /// The offset lies no further than this from what is stated, nanoseconds.
  public var boundNanoseconds: Int64?
  /// Operations committed there in the measured window; nil when its evidence is missing.
  public var committed: Int64?
  /// 99th percentile of the latency of its committed operations, nanoseconds; nil where too few support it.
  public var p99Nanoseconds: UInt64?
  /// Share of its processors that its workers used while the window was open, 0 to 1; nil when it is not known.
  public var clientRatio: Double?
  /// Share of its processors that was used by anybody, 0 to 1; nil when it is not known.
  public var busyRatio: Double?
  /// How long after the common start the last of its workers was awake, nanoseconds of its own clock.
  public var startDelayNanoseconds: Int64?
  /// Signs of life that were due and did not come.
  public var beatsMissed: Int = 0
  /// Whether its evidence is missing: what its workers have done is unknown without bounds.
  public var isLost = false
  /// Whether its evidence came after it had been lost, from what it had left behind.
  public var isDelivered = false
  /// What disturbed it, in words.
  public var disturbances: [String] = []

  /// A host of which nothing is known yet but where it stands.
  public init(rank: Int, name: String, processors: Int, workers: Int) {
    self.rank = rank
    self.name = name
    self.processors = processors
    self.workers = workers
  }

  /// Whether the load generator there had nothing left to give: its processors were used up, and mostly by our workers.
  public var isSaturated: Bool { (busyRatio ?? 0) >= 0.95 && (clientRatio ?? 0) >= 0.5 }

  /// The host in words: `host 3 (so3)`.
  public var inWords: String { "host \(rank) (\(name))" }
}
