/// A scheduled job: every worker is a pod that wakes at each tick, and one of them is to do the work.
///
/// Ticks are the multiples of the period in the time of ``monotonicNow()``, as those of cron are multiples of a minute:
/// they need no start in common, and a process that is started again meets the same ones. What passes while a worker is at
/// work is left out.
public struct JobSettings: Sendable, Equatable {
  /// From one tick to the next.
  public let period: Duration
  /// By how much the clocks of the pods differ, at most: those of the workers are spread evenly over it.
  public let skew: Duration
  /// The longest a pod sleeps on after its tick; each time drawn anew.
  public let jitter: Duration
  /// How long the work takes besides its statements.
  public let work: Duration
  /// Rows of the table that the job tidies up, half of them old, when the trial begins.
  public let rows: Int
  /// Inserts, updates and reads per second that others send to the same table, over all workers.
  public let traffic: Int

  /// Makes settings.
  public init(period: Duration, skew: Duration, jitter: Duration, work: Duration, rows: Int, traffic: Int) {
    self.period = period
    self.skew = skew
    self.jitter = jitter
    self.work = work
    self.rows = rows
    self.traffic = traffic
  }

  /// By how much the clock of a worker is late, in nanoseconds.
  public func lateness(ofWorker worker: Int, of workers: Int) -> Int64 {
    workers > 1 ? skew.nanoseconds * Int64(worker) / Int64(workers - 1) : 0
  }

  /// The tick that a worker whose clock is so late has seen last, at a moment.
  public func tick(at moment: Int64, lateness: Int64) -> Int64 { (moment &- lateness) / period.nanoseconds }
}
