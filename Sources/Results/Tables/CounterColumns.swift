internal import Model

extension Counter {
  /// Name of the column: the counter in snake case with its unit.
  var columnName: String {
    switch self {
    case .backoffNanoseconds: return "backoff_sum_ns"
    // `server_commits_count` is the server's own count.
    case .serverCommits: return "confirmed_commits_count"
    case .serverRollbacks: return "confirmed_rollbacks_count"
    default:
      let snake = String(describing: self).reduce(into: "") { name, letter in
        name += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
      }
      return snake + "_count"
    }
  }

  /// What the column means. A counter without a sentence here does not compile.
  var meaning: String {
    switch self {
    case .started: "Operations started."
    case .committed: "Operations whose effect is in the store."
    case .refused: "Operations to which the business rule said no."
    case .gaveUp: "Operations whose retry policy ran out of attempts or time; nothing was stored."
    case .failed: "Operations that met an error which a retry does not cure; nothing was stored."
    case .unknown: "Operations that may have happened: the answer to the deciding request was lost."
    case .attempts: "Attempts started."
    case .conflict: "Attempts that lost to another: a version moved, a transaction could not be serialised."
    case .deadlock: "Attempts that the server ended to break a deadlock."
    case .lockTimeout: "Attempts whose lock was not granted within the server's limit."
    case .notAcquired: "Attempts whose lock was not granted within the client's limit."
    case .leaseLost: "Attempts that held a lock and lost it before anything was stored."
    case .connectionLost: "Attempts whose connection broke before the deciding request was sent."
    case .ambiguous: "Attempts whose connection broke after the deciding request was sent."
    case .error: "Attempts that met any other error."
    case .committedReads: "Committed operations that only read."
    case .overlaps: "Critical sections entered while another worker was inside: two believed to hold the lock."
    case .tornReads: "Reads that saw values which no single moment had."
    case .staleReads: "Reads that saw a value older than one acknowledged before they began."
    case .duplicateValues: "Returned values that another operation had returned before: each is a lost update."
    case .comparedValues: "Returned values that were compared with those of other operations."
    case .doubleClaims: "Claims granted while another worker owned the record: each is a double booking."
    case .expiredHolds: "Releases that found the lock no longer ours."
    case .polls: "Polls of a lock that was not free."
    case .phantomAcquisitions: "Session locks that the server granted although it reported a timeout."
    case .reconnects: "Sessions opened anew after a lost connection."
    case .statements: "Statements or commands sent to a server."
    case .serverCommits: "Transactions that the server confirmed as committed, as the client saw it."
    case .serverRollbacks: "Transactions that the server rolled back, as the client saw it."
    case .backoffNanoseconds: "Nanoseconds slept between attempts, summed over all workers."
    case .uncoveredPairs: "Releases that found the partner of their record taken, too: each is a write skew."
    }
  }

  /// The counters that must add up over the whole trial: operations by outcome, attempts by class.
  static var conserved: [Counter] {
    [.started] + Outcome.allCases.map { .of($0) } + [.attempts] + AttemptFailure.allCases.map { .of($0) }
  }
}

/// Counts of the measured window, one column per counter.
let measuredCountColumns = Counter.allCases.filter { !laterCounters.contains($0) }.map(measuredCountColumn)

/// The same of counters that older results do not have: columns are only ever added at the end.
let laterCountColumns = laterCounters.map(measuredCountColumn)

/// A column whose counter is gone: columns stay for the sake of their readers.
func formerOverflowColumn<Row>() -> Column<Row> {
  .integer(
    overflowColumnName, "Always 0: histograms have no upper end. Earlier versions counted latencies above 64 s here."
  ) { _ in 0 }
}

/// What earlier versions counted apart.
let overflowColumnName = "overflowed_latencies_count"

private let laterCounters: [Counter] = [.uncoveredPairs]

private func measuredCountColumn(_ counter: Counter) -> Column<TrialRow<Void>> {
  .integer(counter.columnName, counter.meaning) { $0.trial.measured[counter] }
}

/// Counts of the whole trial, for the sums that must hold.
let totalCountColumns: [Column<TrialRow<Void>>] = Counter.conserved.map { counter in
  .integer("total_" + counter.columnName, "The same over the whole trial: warm-up, window and drain.") {
    $0.trial.total[counter]
  }
}
