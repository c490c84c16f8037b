public import Model

/// Runs of a scheduled job: the work of each tick is done by one pod, once.
///
/// Decides from what the job has written down beside its effect. A run that has not ended was killed: what it did is not
/// known, so it accuses nobody. Ticks that nobody ran are counted and allowed: a guard keeps others out, it does not
/// promise that somebody is in.
public struct TickRuns: Checker {
  /// Nothing to state.
  public init() {}

  /// `ticks`.
  public var name: String { "ticks" }

  /// Looks at the runs of each tick.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    guard let rows = evidence.remains[JobQuestion.runs] else { return nil }
    let runs = rows.compactMap(Run.init)
    let done = runs.filter { $0.isDone }.sorted { ($0.tick, $0.began) < ($1.tick, $1.began) }
    var findings = Findings()
    for (before, run) in zip(done, done.dropFirst()) where before.tick == run.tick {
      let isConcurrent = run.began < before.ended
      findings.add(isConcurrent ? .concurrentRun : .repeatedRun, key: nil, count: 1) {
        (
          "one run of tick \(run.tick)",
          isConcurrent
            ? "worker \(run.worker) ran beside worker \(before.worker)" : "worker \(run.worker) ran it again",
          "the earlier run began \(Self.words(run.began - before.began)) before, and "
            + (isConcurrent ? "had not ended" : "had ended \(Self.words(run.began - before.ended)) before")
        )
      }
    }
    return CheckResult(
      checker: name, examined: Int64(done.count), violations: findings.violations, allowed: Self.missed(runs))
  }

  /// Ticks between the first and the last one of which no run has ended.
  private static func missed(_ runs: [Run]) -> [AllowedAnomaly] {
    guard let first = runs.map(\.tick).min(), let last = runs.map(\.tick).max() else { return [] }
    let done = Set(runs.filter(\.isDone).map(\.tick))
    let missed = last - first + 1 - Int64(done.count)
    return missed > 0 ? [AllowedAnomaly(.missedTick, count: missed)] : []
  }

  private static func words(_ microseconds: Int64) -> String { "\(microseconds / 1000) ms" }

  private struct Run {
    let tick, worker, began, ended: Int64
    private let hasFailed: Bool

    init?(_ row: [Int64]) {
      guard row.count == 5 else { return nil }
      (tick, worker, began, ended) = (row[0], row[1], row[2], row[3])
      hasFailed = row[4] != 0
    }

    var isDone: Bool { ended > 0 && !hasFailed }
  }
}
