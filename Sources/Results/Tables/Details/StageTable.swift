internal import Model

/// How long one stage of the operations of a trial took.
struct StageTimes: Sendable {
  /// Its position among the stages of the strategy, from 0.
  let position: Int
  /// Its name.
  let name: String
  /// Times of operations that committed in the measured window, nanoseconds.
  let times: HistogramSnapshot

  /// The stages of a trial, in their order; those without an operation, too.
  static func all(of trial: TrialResult) -> [StageTimes] {
    zip(trial.stageNames, trial.phases.stages).enumerated().map {
      StageTimes(position: $0.offset, name: $0.element.0, times: $0.element.1)
    }
  }
}

/// `stages.csv`: one row per stage that a strategy names, and trial.
let stageTable = Table<TrialRow<StageTimes>>(
  file: "stages.csv",
  columns: keyColumns() + [
    .integer("stage", "Position of the stage in an operation, from 0.", \.detail.position),
    .text("name", "Name of the stage: `work`, `prepare`, `decide`, `commit`, ...", \.detail.name),
    .integer("operations_count", "Operations of the measured window whose stage was timed.") {
      Int64(clamping: $0.detail.times.total)
    },
    .number("mean_ns", "Mean time of the stage.", \.detail.times.mean),
    .integer(ifAny: "p50_ns", "Median time of the stage.") { $0.detail.times.supportedValue(atQuantile: 0.5) },
    .integer(ifAny: "p99_ns", "99th percentile of the same.") { $0.detail.times.supportedValue(atQuantile: 0.99) },
    .integer(ifAny: "max_ns", "The longest.", \.detail.times.maximum),
    variantColumn(\.trial.cell),
    measurementColumn(\.trial),
  ])
