internal import Model

/// `trials.csv`: one row per strategy, load point and repetition.
let trialTable = Table<TrialRow<Void>>(
  file: "trials.csv",
  columns: identityColumns + measuredCountColumns + totalCountColumns + speedColumns + phaseColumns + effortColumns
    + verdictColumns + crossCheckColumns + machineColumns + conditionColumns + laterCountColumns
    + [formerOverflowColumn(), usedUpColumn, measurementColumn(\.trial), distanceColumn] + latestCountColumns
    + [arrivalColumn, serverColumn] + soundnessColumns + unknownColumns + hostColumns)

private let unknownColumns: [Column<TrialRow<Void>>] = [
  .integer(
    "unknown_applied_count",
    "Of the operations of unknown outcome, warm-up and drain included: those whose effect the final values hold. Told in sums, where every change is of one amount and touches one record; the three counts add up to `total_unknown_count`.",
    \.trial.unknownOutcomes.applied),
  .integer(
    "unknown_not_applied_count",
    "Those whose effect the final values do not hold, operations that only read among them.",
    \.trial.unknownOutcomes.notApplied),
  .integer(
    "unknown_unresolved_count", "Those of which the final values do not tell.", \.trial.unknownOutcomes.unresolved),
]

private let usedUpColumn = Column<TrialRow<Void>>.number(
  "used_up_after_s",
  "Seconds of the window after which nothing was left to commit, 0 when that was before; empty when something was.",
  \.trial.usedUpAfterSeconds)

private let identityColumns: [Column<TrialRow<Void>>] = [
  .integer("schema_version", "Version of the columns: 1.") { _ in schemaVersion },
  .text("run_id", "The run: joins all files of a folder.", \.run),
  .text("scenario", "Name of the scenario.", \.scenario),
  .text("strategy", "Label of the strategy in this run.", \.trial.cell.strategy),
  .text("strategy_id", "Id of the strategy, as `contend list` shows it.", \.trial.strategyID),
  .text("store", "The store that the strategy worked on.", \.trial.store),
  .integer("workers", "Number of workers.", \.trial.cell.workers),
  .integer("processes", "Processes over which the workers were spread.", \.trial.processes),
  .integer("threads", "Threads over all processes.", \.trial.threads),
  .integer("repetition", "Repetition, from 1.", \.trial.repetition),
  .integer(
    "position", "Position of the trial in the run, from 1: cells are interleaved and shuffled.", \.trial.position),
  .text("seed", "Seed of the trial: 16 hexadecimal digits after `0x`; all 64 bits matter.") {
    Seed.text($0.trial.seed)
  },
  .time("started_at", "When the measured window opened; empty when the trial failed before.") { row in
    row.trial.startedAt > 0 ? row.trial.startedAt : nil
  },
  .number("measured_s", "Length of the measured window in seconds.", \.trial.measuredSeconds),
]

private let speedColumns: [Column<TrialRow<Void>>] = [
  .integer("censored_count", "Operations that were still waiting when the window closed.", \.trial.censoredCount),
  .number(
    "goodput_per_s", "Committed operations per second of the measured window, until there was nothing left to commit.",
    \.trial.goodputPerSecond),
  .integer(ifAny: "latency_p50_ns", "Median latency of committed operations. \(support)") {
    $0.trial.latency.supportedValue(atQuantile: 0.5)
  },
  .integer(ifAny: "latency_p90_ns", "90th percentile of the same.") {
    $0.trial.latency.supportedValue(atQuantile: 0.9)
  },
  .integer(ifAny: "latency_p99_ns", "99th percentile of the same.") {
    $0.trial.latency.supportedValue(atQuantile: 0.99)
  },
  .integer(ifAny: "latency_p999_ns", "99.9th percentile of the same.") {
    $0.trial.latency.supportedValue(atQuantile: 0.999)
  },
  .integer(ifAny: "latency_max_ns", "Greatest latency of a committed operation, to the precision of its bucket.") {
    $0.trial.latency.maximum
  },
  .number("latency_mean_ns", "Mean latency of committed operations.", \.trial.latency.mean),
  .integer("latency_samples_count", "Latencies recorded.", \.trial.latency.total),
  .integer(
    "sampling_interval_count", "One operation in this many was timed; every one was counted.", \.trial.samplingInterval),
]

private let support = "Empty below 100 / (1 - q) samples, as are all percentiles."

private let phaseColumns: [Column<TrialRow<Void>>] =
  phaseColumns("wait", "from the start of an attempt to the start of the critical section", \.wait)
  + phaseColumns("hold", "in the critical section", \.hold)
  + phaseColumns("commit", "from the end of the critical section to the answer", \.commit)
  + phaseColumns("backoff", "asleep between attempts, of operations that slept", \.backoff)

private func phaseColumns(
  _ name: String, _ where: String, _ phase: @escaping @Sendable (PhaseLatencies) -> HistogramSnapshot
) -> [Column<TrialRow<Void>>] {
  [
    .integer(ifAny: name + "_p50_ns", "Median time \(`where`), of committed operations.") {
      phase($0.trial.phases).supportedValue(atQuantile: 0.5)
    },
    .integer(ifAny: name + "_p99_ns", "99th percentile of the same.") {
      phase($0.trial.phases).supportedValue(atQuantile: 0.99)
    },
  ]
}

private let effortColumns: [Column<TrialRow<Void>>] = [
  .number(
    "tries_per_operation", "Attempts per operation that ended in the measured window.", \.trial.triesPerOperation),
  .integer(
    ifAny: "tries_max_count",
    "Most attempts that a committed operation took; the greatest value of `distributions.csv` means \"or more\"."
  ) { row in
    row.trial.tries.lastIndex { $0 > 0 }.map { $0 + 1 }
  },
  .number(
    "fairness_jain_ratio", "Jain's index over the workers' committed operations: 1 is equal, 1/workers is one for all.",
    \.trial.fairness.jainIndex),
  .integer(
    "longest_wait_ns", "Longest operation of any worker, waiting ones included.",
    \.trial.fairness.longestWaitNanoseconds),
  .integer(ifAny: "worker_committed_min_count", "Committed operations of the slowest worker.") {
    $0.trial.fairness.committed.min()
  },
  .integer(ifAny: "worker_committed_max_count", "Committed operations of the fastest worker.") {
    $0.trial.fairness.committed.max()
  },
]
