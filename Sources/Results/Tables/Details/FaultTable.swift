internal import Model

/// `faults.csv`: one row per fault that was planned, and per time that it happened.
let faultTable = Table<TrialRow<FaultRecord>>(
  file: "faults.csv",
  columns: keyColumns() + [
    .integer("fault", "Position of the fault in the scenario, from 0.", \.detail.fault),
    .text("kind", "Its kind: `pause-worker`, `kill-service`, ...", \.detail.kind),
    .text("summary", "What was done.", \.detail.summary),
    .text(ifAny: "subject", "Whom it was done to, such as a worker process; empty when the summary says it.") {
      $0.detail.subject.isEmpty ? nil : $0.detail.subject
    },
    .number(
      "requested_s", "When it was to happen, in seconds from the start of the measured window.",
      \.detail.requestedSecond),
    .number("injected_s", "When it happened; empty when it did not.", \.detail.injectedSecond),
    .number(
      "healed_s", "When it was undone; empty when there was nothing to undo, or it was too late for that.",
      \.detail.healedSecond),
    .number(
      "takeover_s",
      "From the death or pause of a holder until somebody was inside the critical section of its record again, in seconds, to 0.25 ms (to an operation where it was the same worker); empty when it was no holder, or nobody was.",
      \.detail.takeoverSeconds),
    .number(
      "goodput_before_per_s",
      "Committed operations per second from the end of the fault before, or the start of the window, until it happened.",
      \.detail.goodputBefore),
    .number("goodput_during_per_s", "The same while it lasted.", \.detail.goodputDuring),
    .number(
      "goodput_after_per_s", "The same from its end to the next fault, or to the end of the window.",
      \.detail.goodputAfter),
    .number(
      "longest_stall_s",
      "The longest time without a commit after it had happened and before the next one, in seconds, to 1 ms.",
      \.detail.longestStallSeconds),
    .number(
      "recovery_s",
      "From its end until goodput over 0.1 s was back at 90 % of that before the first fault; empty when it did not come back before the next one.",
      \.detail.recoverySeconds),
    .integer(
      ifAny: "overlaps_count",
      "Critical sections that overlapped from then until the next fault or the end of the window: two holders at once.",
      \.detail.overlaps),
    variantColumn(\.trial.cell),
    measurementColumn(\.trial),
    .integer(
      ifAny: "abandoned_locks_count",
      "Locks of holders that it killed which nobody had until the end of the trial, though somebody wanted them; empty when it killed nobody inside a critical section.",
      \.detail.abandonedLocks),
    .integer(
      ifAny: "abandoned_record", "The record of the one of them that was abandoned longest.",
      { $0.detail.abandonedRecord.map(Int64.init) }),
    .number(
      "abandoned_s", "For how long: from the death of its holder to the end of the window, in seconds.",
      \.detail.abandonedSeconds),
  ])
