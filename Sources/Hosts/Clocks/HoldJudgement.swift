/// A time for which a host held a record, or believed so.
public struct PlacedHold: Sendable, Equatable {
  /// Which host, as a place in the list of offsets.
  public let host: Int
  /// The record.
  public let key: Int32
  /// When it was entered, in the host's CLOCK_MONOTONIC, in nanoseconds.
  public let entered: Int64
  /// When it was left, in the same clock.
  public let left: Int64

  /// Makes a hold.
  public init(host: Int, key: Int32, entered: Int64, left: Int64) {
    self.host = host
    self.key = key
    self.entered = entered
    self.left = left
  }
}

/// Whether holds of different hosts on the same record overlapped, as far as the bounds of their clocks tell.
public struct HoldJudgement: Sendable, Equatable, Codable {
  /// Pairs that overlapped wherever within the bounds the clocks were.
  public var sure: Int64 = 0
  /// Neighbours that did not, wherever the clocks were: of holds on a record in the order of their entry, each with the
  /// next one. Of pairs further apart, of which there are as many as holds squared, none is counted.
  public var apart: Int64 = 0
  /// Pairs of which the bounds do not tell.
  public var undecided: Int64 = 0
  /// Overlaps longer than this, in nanoseconds, cannot be missed: twice the sum of the two greatest half widths.
  public var shortestSeen: Int64 = 0
  /// The earliest of the sure ones.
  public var firstSure: SureOverlap?

  /// Two holds that overlapped.
  public struct SureOverlap: Sendable, Equatable, Codable {
    /// The host that entered first, as far as can be told.
    public let first: Int
    /// The host that entered while the other was inside.
    public let second: Int
    /// The record.
    public let key: Int32
    /// How long both were inside, at least, in nanoseconds.
    public let overlap: Int64
  }

  /// Judges pairs of different hosts on the same record. With e as half width of a host's bound: A and B overlapped surely
  /// if enter A + e < leave B - e and enter B + e < leave A - e; they were surely apart if leave A + e < enter B - e or
  /// the other way round.
  ///
  /// Takes n log n steps, and one for each pair that comes near.
  ///
  /// - Parameters:
  ///   - holds: in any order. One that ends before it begins, or of a host without an offset, tells nothing.
  ///   - offsets: each host's clock minus the driver's, for all of the time of the holds.
  public static func judge(_ holds: [PlacedHold], offsets: [ClockInterval]) -> HoldJudgement {
    var result = HoldJudgement()
    let widths = offsets.map { Int128($0.high) - Int128($0.low) }.sorted(by: >)
    if widths.count > 1 { result.shortestSeen = Int64(clamping: widths[0] + widths[1]) }
    let placed = holds.lazy.filter { offsets.indices.contains($0.host) && $0.left >= $0.entered }
      .map { Span($0, offsets[$0.host]) }.sorted { ($0.hold.key, $0.earliestEntry) < ($1.hold.key, $1.earliestEntry) }
    var firstMoment = Int128.max
    for (index, one) in placed.enumerated() {
      for next in (index + 1)..<placed.count {
        let other = placed[next]
        guard other.hold.key == one.hold.key else { break }
        if one.latestLeave < other.earliestEntry {
          // All that follow entered still later; and none of them can have left before this one entered.
          if next == index + 1, one.hold.host != other.hold.host { result.apart += 1 }
          break
        }
        guard one.hold.host != other.hold.host else { continue }
        if let overlap = one.sureOverlap(with: other) {
          result.sure += 1
          let moment = max(one.latestEntry, other.latestEntry)
          guard moment < firstMoment else { continue }
          firstMoment = moment
          result.firstSure = SureOverlap(
            first: one.hold.host, second: other.hold.host, key: one.hold.key, overlap: Int64(clamping: overlap))
        } else {
          result.undecided += 1
        }
      }
    }
    return result
  }

  /// A hold in the driver's clock.
  private struct Span {
    let hold: PlacedHold
    let earliestEntry: Int128
    let latestEntry: Int128
    let earliestLeave: Int128
    let latestLeave: Int128

    init(_ hold: PlacedHold, _ offset: ClockInterval) {
      self.hold = hold
      earliestEntry = Int128(hold.entered) - Int128(offset.high)
      latestEntry = Int128(hold.entered) - Int128(offset.low)
      earliestLeave = Int128(hold.left) - Int128(offset.high)
      latestLeave = Int128(hold.left) - Int128(offset.low)
    }

    /// How long both lasted together, at least; nil when it is not sure that they did.
    func sureOverlap(with other: Span) -> Int128? {
      let least = min(other.earliestLeave - latestEntry, earliestLeave - other.latestEntry)
      guard least > 0 else { return nil }
      // The length of one hold is known exactly: both ends were read from one clock.
      let lengths = min(
        Int128(hold.left) - Int128(hold.entered), Int128(other.hold.left) - Int128(other.hold.entered))
      return min(least, lengths)
    }
  }
}
