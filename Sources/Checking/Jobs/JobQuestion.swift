/// What a job has left about its runs (``Model/Remains``).
public enum JobQuestion {
  /// Runs in the order in which they began: tick, worker, when it began and when it ended in microseconds of one clock (0
  /// when it has not), whether it failed and was taken back (1).
  public static let runs = "job-runs"
}
