/// What all questions together tell about a host's clock: the intersection of their intervals, each widened by how far
/// two clocks may drift apart in the time between. The truth lies inside, whatever the delays of the network were, unless
/// a clock was stepped or drifts more.
///
/// Many questions at once tell more than the same number spread out in time (research: 10 us against 100).
public struct ClockEstimate: Sendable {
  /// How far two clocks may drift apart: clocks of machines differ by 5 to 30 parts per million, and time daemons add
  /// theirs (Geng et al., NSDI 2018).
  public static let driftPartsPerMillion: Int64 = 100

  /// The smallest round trip so far in nanoseconds; nil before the first.
  public private(set) var roundTrip: Int64?
  private var entries: [Entry] = []
  /// Two neighbours contradict each other. Told when they come, because far from both of them they would be wide enough.
  private var isStepped = false

  /// Questions that were asked between two moments of the driver's clock, and what they tell together.
  private struct Entry {
    var from: Int64
    var to: Int64
    var interval: ClockInterval

    func interval(at moment: Int64) -> ClockInterval {
      let distance = max(abs(Int128(moment) - Int128(from)), abs(Int128(moment) - Int128(to)))
      // Rounded up, for the truth must lie inside.
      let drift = (distance * Int128(ClockEstimate.driftPartsPerMillion) + 999_999) / 1_000_000
      return interval.widened(by: Int64(clamping: drift))
    }
  }

  /// Questions so close together, in nanoseconds, become one entry: that widens what they tell by at most 0.5 us.
  private static var together: Int64 { 5_000_000 }
  /// The most entries that are kept.
  static var capacity: Int { 512 }

  /// Knows nothing yet.
  public init() {}

  /// How many entries are kept.
  var count: Int { entries.count }

  /// Adds an answer.
  ///
  /// - Parameters:
  ///   - sent: when the driver sent the question, in its clock.
  ///   - answered: the host's clock in the answer.
  ///   - received: when the driver had the answer, in its clock; what was received before it was sent tells nothing.
  public mutating func add(sent: Int64, answered: Int64, received: Int64) {
    let (trip, isTooLong) = received.subtractingReportingOverflow(sent)
    guard trip >= 0, !isTooLong else { return }
    roundTrip = min(roundTrip ?? trip, trip)
    let interval = ClockInterval.ping(sent: sent, answered: answered, received: received)
    if let last = entries.last, last.interval(at: received).intersection(interval) == nil { isStepped = true }
    // In one entry the drift is counted over all of its time, so nothing that was true becomes false.
    if let last = entries.last, received >= last.from, sent >= last.from,
      Int128(received) - Int128(last.from) <= Self.together,
      let both = last.interval.intersection(interval)
    {
      entries[entries.count - 1] = Entry(from: last.from, to: max(last.to, received), interval: both)
    } else {
      entries.append(Entry(from: sent, to: received, interval: interval))
      if entries.count > Self.capacity { thin() }
    }
  }

  /// Of every two neighbours in the older half keeps the one that tells more.
  private mutating func thin() {
    let older = entries.prefix(entries.count / 2)
    let kept = stride(from: 0, to: older.count, by: 2).map { index in
      let next = index + 1 < older.count ? older[index + 1] : older[index]
      return next.interval.halfWidth < older[index].interval.halfWidth ? next : older[index]
    }
    entries.replaceSubrange(0..<older.count, with: kept)
  }

  /// Where the host's clock minus the driver's lay, or will lie, at a moment of the driver's clock.
  ///
  /// - Returns: nil without an answer, and when they contradict each other: then a clock was stepped, and what was measured
  ///   across it is void. A new estimate knows nothing of it.
  public func offset(at moment: Int64) -> ClockInterval? {
    guard !isStepped, var result = entries.first?.interval(at: moment) else { return nil }
    for entry in entries.dropFirst() {
      guard let both = result.intersection(entry.interval(at: moment)) else { return nil }
      result = both
    }
    return result
  }
}
