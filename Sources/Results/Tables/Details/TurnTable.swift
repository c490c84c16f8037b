internal import Model

/// `turns.csv`: one row per run of a job, or per time that one worker led.
let turnTable = Table<TrialRow<Turn>>(
  file: "turns.csv",
  columns: keyColumns() + [
    .integer("worker", "Who, from 0.", { Int64($0.detail.worker) }),
    .integer(ifAny: "tick", "The tick that a run of a job was for, by its number; empty for a leader.", \.detail.tick),
    .number(
      "began_s",
      "When it began, in seconds from the start of the measured window; of a leader to 30 ms, as seen from outside.",
      { $0.detail.beganSecond }),
    .number(
      "ended_s", "When it ended, or when its last effect was seen; empty when nobody knows.", \.detail.endedSecond),
    .text(
      "ending",
      "`done`; `failed` when what it did was taken back; `unknown` when nobody wrote down its end, as when its worker was killed.",
      \.detail.ending.rawValue),
    variantColumn(\.trial.cell),
    measurementColumn(\.trial),
  ])
