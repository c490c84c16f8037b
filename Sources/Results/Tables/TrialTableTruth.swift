internal import Model

/// The columns of `trials.csv` that say whether the result was correct.
let verdictColumns: [Column<TrialRow<Void>>] = [
  .integer("violations_count", "Operations concerned by the most frequent kind of violation.", \.trial.violationCount),
  .integer(
    "examined_count", "Operations or records that the least thorough checker examined (n).", \.trial.examinedCount),
  .number("zero_upper_bound_ratio", "What a pass proves: 95 % upper bound of the rate of violations, 3/n.") { row in
    row.trial.verdict == .pass ? PowerOfZero.upperBound(examined: row.trial.examinedCount) : nil
  },
  .text("verdict", "`pass`, `unknown` or `violation`: the worst of all checkers.", \.trial.verdict.rawValue),
  .text(
    "grade", "What a violation would mean: `forbidden`, `interesting`, `required` (a planted control).",
    \.trial.grade.rawValue),
  .text("expectation", "What the scenario expects: `pass`, `violation` or `any`.", \.trial.expectation.rawValue),
  .boolean(ifAny: "as_expected", "Whether the verdict is the expected one; empty when it cannot be told.") {
    $0.trial.isAsExpected
  },
  .text(ifAny: "failure", "Why the trial failed as a whole; empty when it ran.", \.trial.failure),
  .text(ifAny: "first_error", "The first error message that a worker met.", \.trial.firstError),
]

/// The columns of `trials.csv` that compare with the server's counts; details are in `cross_checks.csv`.
let crossCheckColumns: [Column<TrialRow<Void>>] =
  ["deadlocks", "commits", "rollbacks", "commands"].map { name in
    .integer(
      ifAny: "server_\(name)_count", "The server's own count of \(name) over the whole trial; empty when not compared."
    ) { row in
      row.trial.crossChecks.first { $0.name == name }?.server
    }
  } + [
    .boolean(
      ifAny: "cross_checks_agree", "Whether client and server count the same; empty when nothing was compared."
    ) { row in
      row.trial.crossChecks.isEmpty ? nil : row.trial.crossChecks.allSatisfy(\.agrees)
    }
  ]

/// The columns of `trials.csv` that say how the machine was shared, and where the histograms are.
let machineColumns: [Column<TrialRow<Void>>] = [
  .number(
    "own_cpu_s", "CPU seconds of the driver and the worker processes in the window.", \.trial.machine.ownCPUSeconds),
  .number("server_cpu_s", "CPU seconds of the servers that we manage in the window.", \.trial.machine.serverCPUSeconds),
  .number("foreign_ratio", "Share of the machine's CPU time that others used, 0 to 1.", \.trial.machine.foreignRatio),
  .number("steal_ratio", "Share that the hypervisor withheld, 0 to 1.", \.trial.machine.stealRatio),
  .number(
    "pressure_ratio", "Share of the window in which some task waited for a CPU, 0 to 1.", \.trial.machine.pressureRatio),
  .text(ifAny: "cpus", "CPUs on which workers were seen, separated by `;`.") { row in
    row.trial.machine.cpus.map(String.init).joined(separator: ";")
  },
  .boolean(
    "disturbed", "Whether others used so much that the figures are not to be trusted.", \.trial.machine.isDisturbed),
  .text(ifAny: "disturbance", "Why the trial counts as disturbed.") {
    $0.trial.machine.disturbances.joined(separator: "; ")
  },
  .text("hist_tag", "Tag of the trial's histograms in `latency.hlog`, before `~latency`, `~wait`, ...") {
    HistogramLog.tag(of: $0.trial)
  },
]
