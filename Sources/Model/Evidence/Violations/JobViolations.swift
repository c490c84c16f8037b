/// What can become of the ticks of a job.
extension Violation.Kind {
  /// In the order of the documentation.
  static let ofJobs = [concurrentRun, repeatedRun, overlappingRuns, missedTick]

  /// Two pods did the work of one tick at the same time.
  public static let concurrentRun = Self(
    "concurrent-run", "Two pods did the work of one tick at the same time.")
  /// The work of a tick was done once more, after it had been done.
  public static let repeatedRun = Self(
    "repeated-run", "The work of a tick was done once more, after it had been done.")
  /// The work of two ticks was done at the same time.
  public static let overlappingRuns = Self(
    "overlapping-runs", "The work of two ticks was done at the same time, where one at a time was promised.")
  /// Nobody did the work of a tick.
  public static let missedTick = Self("missed-tick", "Nobody did the work of a tick.")
}
