internal import Model

/// `hosts.csv`: one row per host and trial whose workers ran on several.
let hostTable = Table<TrialRow<HostRecord>>(
  file: "hosts.csv",
  columns: keyColumns() + [
    .integer("rank", "Place of the host among those of the trial, from 0.", \.detail.rank),
    .text("host", "Its name, as it calls itself.", \.detail.name),
    .integer("processors", "Processors that are online there.", \.detail.processors),
    .integer("host_workers", "How many of the workers ran there.", \.detail.workers),
    .integer(
      ifAny: "clock_offset_ns",
      "Its monotonic clock minus that of the driver, in the middle of the window; empty when it could not be told.",
      \.detail.offsetNanoseconds),
    .integer(
      ifAny: "clock_bound_ns", "The true offset lies no further than this from the stated one.",
      \.detail.boundNanoseconds),
    .integer(
      ifAny: "committed_count",
      "Operations committed there in the measured window; empty when its evidence is missing.", \.detail.committed),
    .integer(ifAny: "latency_p99_ns", "99th percentile of their latency.", \.detail.p99Nanoseconds),
    .number(
      "client_ratio", "Share of its processors that its workers used in the window, 0 to 1; empty when not measured.",
      \.detail.clientRatio),
    .number("busy_ratio", "Share of its processors that anybody used in the window, 0 to 1.", \.detail.busyRatio),
    .integer(
      ifAny: "start_delay_ns",
      "How long after the common start the last of its workers was awake, by its own clock.",
      \.detail.startDelayNanoseconds),
    .integer("beats_missed", "Signs of life that were due and did not come.", \.detail.beatsMissed),
    .boolean(
      "is_lost", "Whether its evidence is missing: what its workers did is unknown without bounds.", \.detail.isLost),
    .boolean(
      "is_delivered", "Whether its evidence came after the host had been lost, from what it had left behind.",
      \.detail.isDelivered),
    .text(ifAny: "disturbances", "What disturbed it, separated by `; `.") {
      $0.detail.disturbances.joined(separator: "; ")
    },
    variantColumn(\.trial.cell),
    measurementColumn(\.trial),
  ])

/// The columns of `trials.csv` that say over how many hosts a trial ran, and what is known of them together.
let hostColumns: [Column<TrialRow<Void>>] = [
  .integer("hosts", "Hosts over which the workers were spread: 1 on one machine; more have rows in `hosts.csv`.") {
    $0.trial.hosts?.hosts.count ?? 1
  },
  .number(
    "clock_bound_us",
    "The offset of no host's clock is further than this from what is stated, microseconds; empty on one machine, as all that follow, or when it is not known of every host."
  ) { microseconds($0.trial.hosts?.clockBoundNanoseconds) },
  .number(
    "start_skew_us", "How far apart two hosts may have begun at the most, microseconds, by the bounds of their clocks."
  ) { microseconds($0.trial.hosts?.startSkewNanoseconds) },
  .integer(
    ifAny: "host_overlaps_count",
    "Pairs of critical sections on different hosts that overlapped, whatever the clocks show within their bounds; empty, as all that follow, when none were written down.",
    \.trial.hosts?.holds?.overlaps),
  .integer(
    ifAny: "host_undecided_count", "Pairs of which the clocks cannot tell whether they overlapped.",
    \.trial.hosts?.holds?.undecided),
  .integer(
    ifAny: "host_apart_count", "Neighbours in time that did not overlap, whatever the clocks show.",
    \.trial.hosts?.holds?.apart),
  .integer(
    ifAny: "host_sections_count", "Critical sections that were compared with those of other hosts.",
    \.trial.hosts?.holds?.compared),
  .number(
    "host_resolution_us", "An overlap longer than this cannot have been missed among those compared, microseconds."
  ) { microseconds($0.trial.hosts?.holds?.resolutionNanoseconds) },
]

/// Exact below 2^53 ns: a reader who multiplies and rounds has the nanoseconds again.
private func microseconds(_ nanoseconds: Int64?) -> Double? { nanoseconds.map { Double($0) / 1000 } }
