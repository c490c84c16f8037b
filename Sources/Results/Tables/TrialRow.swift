internal import Model

/// A row about a trial, or about one detail of it: a second, a finding, a bucket.
struct TrialRow<Detail: Sendable>: Sendable {
  /// Id of the run.
  let run: String
  /// Name of the scenario.
  let scenario: String
  /// The trial.
  let trial: TrialResult
  /// What the row adds; `Void` where the row is the trial itself.
  let detail: Detail
}

extension TrialRow where Detail == Void {
  /// Rows about details of this trial.
  func rows<Other: Sendable>(of details: [Other]) -> [TrialRow<Other>] {
    details.map { TrialRow<Other>(run: run, scenario: scenario, trial: trial, detail: $0) }
  }
}

/// The version of all tables: raised when a column changes its meaning or goes away, not when one is added.
let schemaVersion = 1

/// The column that ends every table and is a part of the key: what a scenario sweeps besides workers.
func variantColumn<Row>(_ cell: @escaping @Sendable (Row) -> Cell) -> Column<Row> {
  .text(
    ifAny: "variant", "What else the scenario sweeps, such as `keys=16, hold=1ms`: joins tables; empty when nothing is."
  ) {
    cell($0).variant
  }
}

/// The column that tells the measurements of a trial apart: part of the key, too.
func measurementColumn<Row>(_ trial: @escaping @Sendable (Row) -> TrialResult) -> Column<Row> {
  .integer(
    "measurement",
    "1, or more for a trial that was measured again because others had disturbed it: the greatest one stands."
  ) {
    trial($0).measurement
  }
}

/// The columns that begin every table except `trials.csv`; with `variant` and `measurement` at the end they join
/// the tables.
func keyColumns<Detail>() -> [Column<TrialRow<Detail>>] {
  [
    .integer("schema_version", "Version of the columns: 1.") { _ in schemaVersion },
    .text("run_id", "The run: joins all files of a folder.", \.run),
    .text("strategy", "Label of the strategy in this run.", \.trial.cell.strategy),
    .integer("workers", "Number of workers.", \.trial.cell.workers),
    .integer("repetition", "Repetition, from 1.", \.trial.repetition),
  ]
}
