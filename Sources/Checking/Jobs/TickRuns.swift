public import Model

/// Runs of a scheduled job: the work of each tick is done by one pod, once.
///
/// Decides from what the job has written down beside its effect. A run that has not ended was killed: what it did is not
/// known, so it accuses nobody. Ticks that nobody ran are counted and allowed: a guard keeps others out, it does not
/// promise that somebody is in. Runs of two ticks that overlap are a violation where the guard promises one at a time.
public struct TickRuns: Checker {
  private let apart: Bool

  /// - Parameter apart: whether runs of two ticks must not overlap either; else they are counted, and allowed.
  public init(apart: Bool) { self.apart = apart }

  /// `ticks`.
  public var name: String { "ticks" }

  /// All runs are in one table with times of one clock; one that vanished has not ended, and accuses nobody.
  public var whenHostsAreLost: LostHostRule { .decides }

  /// Looks at each run, in the order in which they began, beside those before it.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    guard let rows = evidence.remains[JobQuestion.runs] else { return nil }
    let runs = rows.compactMap(Run.init)
    let done = runs.filter { $0.isDone }.sorted { $0.began < $1.began }
    var findings = Findings()
    var overlaps: Int64 = 0
    // Of each tick, and of all, the run that ended last so far.
    var last: [Int64: Run] = [:]
    var lastOfAll: Run?
    for run in done {
      if let before = last[run.tick] {
        Self.add(run.began < before.ended ? .concurrentRun : .repeatedRun, run, before, to: &findings)
      } else if let other = lastOfAll, other.tick != run.tick, run.began < other.ended {
        overlaps += 1
        if apart { Self.add(.overlappingRuns, run, other, to: &findings) }
      }
      if run.ended > last[run.tick]?.ended ?? 0 { last[run.tick] = run }
      if run.ended > lastOfAll?.ended ?? 0 { lastOfAll = run }
    }
    let allowed =
      Self.missed(runs) + (apart || overlaps == 0 ? [] : [AllowedAnomaly(.overlappingRuns, count: overlaps)])
    return CheckResult(
      checker: name, examined: Int64(done.count), violations: findings.violations, allowed: allowed)
  }

  /// What a run did beside or after another.
  private static func add(_ kind: Violation.Kind, _ run: Run, _ before: Run, to findings: inout Findings) {
    findings.add(kind, key: nil, count: 1) {
      (
        kind == .overlappingRuns ? "one run at a time" : "one run of tick \(run.tick)",
        kind == .repeatedRun
          ? "worker \(run.worker) ran it again"
          : "worker \(run.worker) ran tick \(run.tick) beside worker \(before.worker), which ran tick \(before.tick)",
        "the earlier run began \(words(run.began - before.began)) before, and "
          + (kind == .repeatedRun ? "had ended \(words(run.began - before.ended)) before" : "had not ended")
      )
    }
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
