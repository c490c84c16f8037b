internal import Model

extension Counter {
  /// Name of its column.
  var columnName: String { Self.entries[rawValue].column }

  /// The counters that must add up over the whole trial: operations by outcome, attempts by class.
  static var conserved: [Counter] {
    [.started] + Outcome.allCases.map { .of($0) } + [.attempts] + AttemptFailure.allCases.map { .of($0) }
  }
}

/// Counts of the measured window, one column per counter.
let measuredCountColumns = counters(upTo: .backoffNanoseconds).map(measuredCountColumn)

/// The same of counters that older results do not have: columns are only ever added at the end.
let laterCountColumns = counters(after: .backoffNanoseconds, upTo: .uncoveredPairs).map(measuredCountColumn)

/// The same of those that were added after further columns.
let latestCountColumns = counters(after: .uncoveredPairs).map(measuredCountColumn)

/// A column whose counter is gone: columns stay for the sake of their readers.
func formerOverflowColumn<Row>() -> Column<Row> {
  .integer(
    overflowColumnName, "Always 0: histograms have no upper end. Earlier versions counted latencies above 64 s here."
  ) { _ in 0 }
}

/// What earlier versions counted apart.
let overflowColumnName = "overflowed_latencies_count"

/// The counters with positions in a range, in which they were added.
func counters(after first: Counter? = nil, upTo last: Counter? = nil) -> [Counter.Entry] {
  Counter.entries.filter { entry in
    entry.counter.rawValue > first?.rawValue ?? -1 && entry.counter.rawValue <= last?.rawValue ?? .max
  }
}

private func measuredCountColumn(_ entry: Counter.Entry) -> Column<TrialRow<Void>> {
  .integer(entry.column, entry.meaning) { $0.trial.measured[entry.counter] }
}

/// Counts of the whole trial, for the sums that must hold.
let totalCountColumns: [Column<TrialRow<Void>>] = Counter.conserved.map { counter in
  .integer("total_" + counter.columnName, "The same over the whole trial: warm-up, window and drain.") {
    $0.trial.total[counter]
  }
}
