internal import Checking
public import Model

/// Workload `job`: a job that is due at every tick, on several pods of which one is to run it.
///
/// The record counts the runs that have ended, so that the ledger tells whether each run that a pod believes it has done
/// has left its mark. What became of each tick stands in the job's own table.
public struct JobWorkload: Workload {
  /// The options are those of ``JobSettings``.
  public static let descriptor = WorkloadDescriptor(
    id: "job",
    summary: "A scheduled job on several pods: finds ticks that were run twice, and those that nobody ran.",
    options: [
      OptionSpecification(
        "period", .duration(.milliseconds(10) ... .seconds(3600)), default: .duration(.seconds(1)),
        "From one tick to the next; all workers wake then."),
      OptionSpecification(
        "skew", .duration(.zero ... .seconds(3600)), default: .duration(.milliseconds(2)),
        "By how much the clocks of the workers differ, at most; they are spread evenly over it."),
      OptionSpecification(
        "jitter", .duration(.zero ... .seconds(3600)), default: .duration(.milliseconds(1)),
        "The longest a worker sleeps on after its tick; each time drawn anew."),
      OptionSpecification(
        "work", .duration(.zero ... .seconds(3600)), default: .duration(.milliseconds(50)),
        "How long a run takes besides its statements."),
      OptionSpecification(
        "rows", .integer(0...10_000_000), default: .integer(2_000),
        "Rows of the table that the job tidies up when the trial begins; half of them are old."),
      OptionSpecification(
        "traffic", .integer(0...100_000), default: .integer(200),
        "Inserts, updates and reads per second of the same table, over all workers; 0 for none."),
    ])

  /// None: few strategies run jobs, and have tests of their own.
  public static let samples: [WorkloadSettings] = []

  /// A pod that wakes after the next tick would have slept over one.
  public static func problem(in settings: WorkloadSettings) -> String? {
    let (period, late) = (
      settings.options.duration("period"), settings.options.duration("skew") + settings.options.duration("jitter")
    )
    if settings.keys > 1 { return "a job has one record, which counts its runs: leave 'keys' out" }
    return late < period ? nil : "'skew' and 'jitter' together must be shorter than 'period'"
  }

  /// One record: runs that have ended.
  public let recordCount = 1
  /// As the options say.
  public let job: JobSettings?

  /// Takes settings without a problem.
  public init(_ settings: WorkloadSettings) {
    let options = settings.options
    job = JobSettings(
      period: options.duration("period"), skew: options.duration("skew"), jitter: options.duration("jitter"),
      work: options.duration("work"), rows: options.integer("rows"), traffic: options.integer("traffic"))
  }

  /// No run yet.
  public func initialValue(of record: Int) -> Int64 { 0 }

  /// A job, and nothing else.
  public var applicability: Applicability { .job }

  /// A run counts 1.
  public var changes: ClosedRange<Int64> { 1...1 }

  /// Whether each run that ended is counted.
  public var checkers: [any Checker] { [Ledger()] }

  /// Runs of the job.
  public func operations(count: Int, using random: inout RandomSource) -> [OperationTemplate] {
    (0..<count).map { _ in OperationTemplate(steps: [Step(key: 0, .add, operand: 1)]) }
  }
}
