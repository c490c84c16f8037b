public import Model

/// Everything that the workers of a trial left in shared memory, or those of a part of it: a value that can leave the
/// process.
///
/// Evidence of parts is merged by ``merge(_:)`` in any order and grouping, and is then what one shared memory would have
/// held. What only serves the watch while operations run is not evidence: the marks of critical sections, the owners of
/// records, the highest acknowledged values.
public struct CollectedEvidence: Sendable, Equatable {
  /// Counts by phase. A value that was returned in two parts counts as a duplicate of the measured window.
  public internal(set) var tallies: [Phase: Tally]
  /// Latencies of committed operations.
  public internal(set) var latency = HistogramSnapshot(.latency)
  /// Where the time went.
  public internal(set) var phases = PhaseLatencies()
  /// Committed operations of the measured window by number of attempts, from 1; the last bucket counts all above.
  public internal(set) var tries = Array(repeating: Int64(0), count: ThreadBlock.tryBuckets)
  /// What the workers were told about each record.
  public internal(set) var ledger: [LedgerEntry]
  /// The workers that this evidence answers for, by index over the whole trial.
  public internal(set) var workers: [WorkerEvidence] = []
  /// The values of the memory store; nil where the records lie elsewhere.
  public internal(set) var values: [Int64]?
  var error: ThreadError?
  var duplicates = Duplicates()
  var returned = ReturnedBits()
  /// Returned values of a record that can be told apart; 0 when none were compared.
  let bitsPerRecord: Int

  /// Evidence of nobody: merged with any other it changes nothing.
  public init(_ layout: TrialLayout) {
    tallies = Dictionary(uniqueKeysWithValues: Phase.allCases.map { ($0, Tally()) })
    ledger = Array(repeating: LedgerEntry(), count: layout.records)
    bitsPerRecord = layout.bitsPerRecord
  }

  /// Counts of the whole trial.
  public var total: Tally { tallies.values.reduce(into: Tally()) { $0 += $1 } }

  /// Operations that the workers say they started, counted apart from their outcomes.
  public var startedOperations: Int64 { workers.reduce(0) { $0 &+ $1.started } }

  /// How the workers fared in the measured window.
  public var fairness: Fairness {
    Fairness(
      committed: workers.map(\.committed),
      longestWaitNanoseconds: UInt64(max(0, workers.map(\.longestWait).max() ?? 0)))
  }

  /// Nanoseconds from the opening of the window to its last commit, to the resolution of the sample; nil without one.
  public var lastCommit: Int64? { workers.compactMap(\.lastCommit).max() }

  /// The unexpected error that the thread with the lowest index met first.
  public var firstError: String? { error?.text }

  /// The first values that were returned twice, by record and distance from its initial value.
  ///
  /// - Parameters:
  ///   - initial: values before the first operation.
  ///   - falling: whether the operations of the workload lower values.
  public func duplicates(initial: [Int64], falling: Bool) -> [(key: Int, value: Int64)] {
    duplicates.positions.map { position in
      let (key, distance) = position.quotientAndRemainder(dividingBy: bitsPerRecord)
      return (key, falling ? initial[key] &- Int64(distance) : initial[key] &+ Int64(distance))
    }
  }
}

/// What one worker left behind.
public struct WorkerEvidence: Sendable, Equatable {
  /// Over all workers of the trial.
  public let index: Int
  /// Operations started.
  public var started: Int64
  /// Operations committed in the measured window.
  public var committed: Int64
  /// Its longest timed operation of the window, waiting ones included, nanoseconds.
  public var longestWait: Int64
  /// Nanoseconds from the opening of the window to its last timed commit; nil without one.
  public var lastCommit: Int64?
}

/// The first unexpected error of a thread.
struct ThreadError: Sendable, Equatable {
  let thread: Int
  let text: String
}
