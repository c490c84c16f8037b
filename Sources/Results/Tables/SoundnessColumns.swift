internal import Model

/// The columns of `trials.csv` from which it follows what its figures are worth: whether operations met, and what the
/// threads of the workers did.
let soundnessColumns: [Column<TrialRow<Void>>] = [
  .integer(
    "moments_count", "Moments of the window at which all workers were looked at, some fifty a second.",
    \.trial.encounters.moments),
  .integer("looks_count", "Operations in flight at those moments, summed.", \.trial.encounters.looks),
  .integer(
    "met_count",
    "Those of them that were not alone: another one in flight had a record in common, and one of the two was to change "
      + "it.", \.trial.encounters.met),
  .number(
    "workers_computing_ratio",
    "Share of the window that the threads of the workers computed, of what so many can on so many CPUs.",
    \.trial.machine.threads?.computingRatio),
  .number(
    "workers_ready_ratio", "Share of their time that they were ready to compute and had no CPU.",
    \.trial.machine.threads?.readyRatio),
  .number(
    "workers_involuntary_switches_per_s", "How often a second one of them lost its CPU without giving it up.",
    \.trial.machine.threads?.involuntarySwitchesPerSecond),
  .integer(
    ifAny: "workers_cpus_count", "CPUs on which they may run; empty, as the three before, when it was not measured.",
    \.trial.machine.threads?.processors),
]
