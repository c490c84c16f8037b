public import Model

/// What a job has left about its runs (``Model/Remains``).
public enum JobQuestion {
  /// Runs in the order in which they began: tick, worker, when it began and when it ended in microseconds of
  /// `monotonicNow()` (0 when it has not), whether it failed and was taken back (1).
  public static let runs = "job-runs"

  /// The runs as turns, in seconds from the opening of the measured window in nanoseconds; none where there was no job.
  public static func turns(in remains: Remains, windowOpened: Int64) -> [Turn] {
    func second(_ microseconds: Int64) -> Double { Double(microseconds &* 1000 &- windowOpened) / 1e9 }
    return (remains[runs] ?? []).filter { $0.count == 5 }.map { row in
      Turn(
        worker: Int(row[1]), tick: row[0], beganSecond: second(row[2]),
        endedSecond: row[3] > 0 ? second(row[3]) : nil,
        ending: row[4] != 0 ? .failed : row[3] > 0 ? .done : .unknown)
    }
  }
}
