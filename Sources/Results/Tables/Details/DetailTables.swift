internal import Model

/// `timeline.csv`: one row per second of a trial.
let timelineTable = Table<TrialRow<TimelinePoint>>(
  file: "timeline.csv",
  columns: keyColumns() + [
    .number(
      "second_s", "End of the interval, in seconds from the start of the measured window; negative in the warm-up.",
      \.detail.second),
    .number("interval_s", "Length of the interval in seconds.", \.detail.seconds),
    .integer("committed_count", "Operations committed in the interval.", \.detail.committed),
    .integer("failed_attempts_count", "Attempts that failed in the interval.", \.detail.failedAttempts),
    .number("goodput_per_s", "Committed operations per second.") { row in
      row.detail.seconds > 0 ? Double(row.detail.committed) / row.detail.seconds : nil
    },
    .integer(ifAny: "latency_p50_ns", "Median latency of the operations committed.", \.detail.p50Nanoseconds),
    .integer(ifAny: "latency_p99_ns", "99th percentile of the same.", \.detail.p99Nanoseconds),
    variantColumn(\.trial.cell),
    measurementColumn(\.trial),
  ])

/// `checks.csv`: one row per checker and trial.
let checkTable = Table<TrialRow<CheckResult>>(
  file: "checks.csv",
  columns: keyColumns() + [
    .text("checker", "Name of the checker.", \.detail.checker),
    .text("verdict", "`pass`, `unknown` or `violation`.", \.detail.verdict.rawValue),
    .integer("examined_count", "Operations or records examined (n).", \.detail.examined),
    .number("zero_upper_bound_ratio", "What a pass proves: 95 % upper bound of the rate of violations, 3/n.") {
      $0.detail.upperBound
    },
    .text(ifAny: "remark", "Why the verdict is unknown.", \.detail.remark),
    variantColumn(\.trial.cell),
    measurementColumn(\.trial),
    .text(
      ifAny: "allowed",
      "Anomalies that were found and that the promised isolation allows, with their numbers: `G-single 12; G2-item 3`."
    ) { AllowedText.write($0.detail.allowed) },
  ])

/// A finding and the checker that made it.
struct Finding: Sendable {
  /// Name of the checker.
  let checker: String
  /// What it found.
  let violation: Violation

  /// The findings of a trial, in the order of its checkers.
  static func all(of trial: TrialResult) -> [Finding] {
    trial.checks.flatMap { check in check.violations.map { Finding(checker: check.checker, violation: $0) } }
  }
}

/// `violations.csv`: one row per finding.
let violationTable = Table<TrialRow<Finding>>(
  file: "violations.csv",
  columns: keyColumns() + [
    .text(
      "kind", "What was broken: `lost-update`, `oversell`, `double-booking`, ...", \.detail.violation.kind.rawValue),
    .integer(ifAny: "key", "The record, from 0; empty when it concerns all of them.", \.detail.violation.key),
    .text("expected", "What the invariant allows.", \.detail.violation.expected),
    .text("observed", "What was found.", \.detail.violation.observed),
    .integer("violations_count", "Operations concerned.", \.detail.violation.count),
    .text("evidence", "From what it follows, in one sentence.", \.detail.violation.evidence),
    .text("checker", "Name of the checker that found it.", \.detail.checker),
    variantColumn(\.trial.cell),
    measurementColumn(\.trial),
  ])

/// `cross_checks.csv`: one row per count that client and server both have.
let crossCheckTable = Table<TrialRow<CrossCheck>>(
  file: "cross_checks.csv",
  columns: keyColumns() + [
    .text("name", "What is counted: `deadlocks`, `commits`, `rollbacks`, `commands`.", \.detail.name),
    .integer("client_count", "Our count over the whole trial.", \.detail.client),
    .integer("server_count", "The server's count.", \.detail.server),
    .integer("slack_count", "By how much they may differ: operations whose outcome is unknown.", \.detail.slack),
    .boolean("agrees", "Whether the two agree.", \.detail.agrees),
    variantColumn(\.trial.cell),
    measurementColumn(\.trial),
  ])

/// One count of a distribution.
struct DistributionBucket: Sendable, Equatable {
  /// What is distributed: `tries`, `worker_committed` or `committed_part`.
  let kind: String
  /// Number of attempts, number of the worker from 0, or number of the part of the window from 0.
  let bucket: Int
  /// Operations in it.
  let count: Int64

  /// The distributions of a trial; numbers of attempts that no operation took are left out, except the last one, which
  /// tells from where on they are counted together.
  static func all(of trial: TrialResult) -> [DistributionBucket] {
    let tries = trial.tries.enumerated().filter { $0.element > 0 || $0.offset == trial.tries.count - 1 }
    return tries.map { DistributionBucket(kind: "tries", bucket: $0.offset + 1, count: $0.element) }
      + trial.fairness.committed.enumerated().map {
        DistributionBucket(kind: "worker_committed", bucket: $0.offset, count: $0.element)
      }
      + trial.parts.enumerated().map {
        DistributionBucket(kind: "committed_part", bucket: $0.offset, count: $0.element)
      }
  }
}

/// `distributions.csv`: one row per bucket of a distribution.
let distributionTable = Table<TrialRow<DistributionBucket>>(
  file: "distributions.csv",
  columns: keyColumns() + [
    .text(
      "kind",
      "`tries` (operations by number of attempts), `worker_committed` (operations by worker) or `committed_part` "
        + "(operations by part of the window, all as long).", \.detail.kind),
    .integer(
      "bucket",
      "`tries`: number of attempts, the greatest possible means \"or more\"; `worker_committed`: worker, from 0; "
        + "`committed_part`: part, from 0.",
      \.detail.bucket),
    .integer("operations_count", "Committed operations in it.", \.detail.count),
    variantColumn(\.trial.cell),
    measurementColumn(\.trial),
  ])

/// `plan.csv`: what `trials.csv` will hold when the run is complete.
let planTable = Table<(run: String, planned: PlannedTrial)>(
  file: "plan.csv",
  columns: [
    .integer("schema_version", "Version of the columns: 1.") { _ in schemaVersion },
    .text("run_id", "The run: joins all files of a folder.", \.run),
    .text("strategy", "Label of the strategy in this run.", \.planned.cell.strategy),
    .integer("workers", "Number of workers.", \.planned.cell.workers),
    .integer("repetition", "Repetition, from 1.", \.planned.repetition),
    .integer("position", "Position of the trial in the run, from 1.", \.planned.position),
    variantColumn(\.planned.cell),
    .integer("strategy_index", "Position of the strategy in the scenario, from 0.", \.planned.strategyIndex),
    .text("seed", "Seed of the trial: 16 hexadecimal digits after `0x`.") { Seed.text($0.planned.seed) },
  ])
