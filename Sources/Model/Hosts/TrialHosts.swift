/// The hosts of a trial whose workers ran on several, and what is known of them together.
public struct TrialHosts: Sendable, Equatable, Codable {
  /// By rank.
  public var hosts: [HostRecord]
  /// How far apart two hosts may have begun at the most, by the bounds of their clocks, nanoseconds; nil when it is not
  /// known.
  public var startSkewNanoseconds: Int64?
  /// What was seen of critical sections of different hosts; nil when none were written down.
  public var holds: HoldsBetweenHosts?

  /// Makes a record.
  public init(_ hosts: [HostRecord]) { self.hosts = hosts }

  /// Those whose evidence is missing.
  public var lost: [HostRecord] { hosts.filter(\.isLost) }
  /// The widest bound of a clock, nanoseconds; nil when one is not known.
  public var clockBoundNanoseconds: Int64? {
    let bounds = hosts.compactMap(\.boundNanoseconds)
    return bounds.count == hosts.count ? bounds.max() : nil
  }
}

/// Critical sections of one record on different hosts, compared by clocks of known bounds.
///
/// Two of them overlap for sure when they do whatever the clocks show within their bounds; they were apart for sure when
/// they never do; else it is undecided. Sections that were not written down are not compared.
public struct HoldsBetweenHosts: Sendable, Equatable, Codable {
  /// Sections that were compared.
  public var compared: Int64 = 0
  /// Pairs that overlapped for sure.
  public var overlaps: Int64 = 0
  /// Neighbours in time that were apart for sure.
  public var apart: Int64 = 0
  /// Pairs of which the clocks cannot tell.
  public var undecided: Int64 = 0
  /// An overlap longer than this cannot have been missed among those that were compared, nanoseconds.
  public var resolutionNanoseconds: Int64 = 0
  /// Nothing was compared.
  public init() {}
}
