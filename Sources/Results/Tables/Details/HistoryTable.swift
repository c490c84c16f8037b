internal import Model

/// `histories.csv`: one row per trial of which a history was kept.
let historyTable = Table<TrialRow<HistorySummary>>(
  file: "histories.csv",
  columns: keyColumns() + [
    .text("name", "The history: `history/NAME.jsonl` and `history/NAME.edn`.", \.detail.name),
    .integer("ok_count", "Operations in it that took effect.", \.detail.okCount),
    .integer("fail_count", "Operations that did not: refused, given up, failed.", \.detail.failCount),
    .integer(
      "info_count", "Operations that may have: their answer was lost, or they never ended.", \.detail.infoCount),
    .integer("missing_count", "Operations that ran and are not in it.", \.detail.missingCount),
    .text(
      ifAny: "cut_reason", "Why they are missing: the history ends early; empty when it is whole.", \.detail.cutReason),
    .integer("waits_count", "How often workers waited because the recording had fallen behind.", \.detail.waitsCount),
    .integer(
      "waited_between_ns", "How long they waited between two operations, over all threads: that lowered the goodput.",
      \.detail.waitedNanoseconds),
    .integer(
      "waited_within_ns", "How long they waited within operations: that is part of the latencies.",
      \.detail.waitedWithinNanoseconds),
    variantColumn(\.trial.cell),
    measurementColumn(\.trial),
  ])
