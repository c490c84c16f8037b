/// When the measured window of a running trial opens, and when it closes at the latest; moments of ``monotonicNow()``.
struct TrialTimes {
  let opens: Int64
  let closes: Int64

  /// Seconds from the opening of the window.
  func second(at moment: Int64) -> Double { Double(moment - opens) / 1e9 }
}

/// When the workers of a trial start, and when its measured window opens; moments of ``monotonicNow()``.
struct CommonStart: Sendable, Equatable {
  let moment: Int64
  let opening: Int64
}
