/// Between what bounds a host's CLOCK_MONOTONIC minus the driver's lies, in nanoseconds, both included.
///
/// Numbers that other hosts have sent go into it, so nothing here overflows: what is too great stays at the greatest.
public struct ClockInterval: Sendable, Equatable, Codable {
  /// The least it can be.
  public let low: Int64
  /// The most it can be.
  public let high: Int64

  /// Makes an interval; bounds in the wrong order are put right.
  public init(low: Int64, high: Int64) {
    self.low = min(low, high)
    self.high = max(low, high)
  }

  /// The best single guess.
  public var midpoint: Int64 { Int64((Int128(low) + Int128(high)) >> 1) }

  /// By how much the guess can be wrong, rounded up.
  public var halfWidth: Int64 { Int64(clamping: (Int128(high) - Int128(low) + 1) / 2) }

  /// What lies in both; nil when nothing does.
  public func intersection(_ other: ClockInterval) -> ClockInterval? {
    let (low, high) = (max(low, other.low), min(high, other.high))
    return low <= high ? ClockInterval(low: low, high: high) : nil
  }

  /// With so many nanoseconds more on both sides.
  public func widened(by distance: Int64) -> ClockInterval {
    ClockInterval(
      low: Int64(clamping: Int128(low) - Int128(max(0, distance))),
      high: Int64(clamping: Int128(high) + Int128(max(0, distance))))
  }

  /// What one question tells, whatever its delays were: the answer was given after the question was sent and before it
  /// was received.
  ///
  /// - Parameters:
  ///   - sent: when the driver sent the question, in its clock.
  ///   - answered: the host's clock in the answer.
  ///   - received: when the driver had the answer, in its clock.
  public static func ping(sent: Int64, answered: Int64, received: Int64) -> ClockInterval {
    ClockInterval(
      low: Int64(clamping: Int128(answered) - Int128(received)), high: Int64(clamping: Int128(answered) - Int128(sent)))
  }
}
