/// Who gives a counter its meaning.
public enum CounterSet: CaseIterable, Sendable {
  /// The loop, its retries and its sessions: the same for every family of operations.
  case kernel
  /// What workloads of guarded changes of records watch while they run.
  case records

  /// Counters that a thread has room for, those of the kernel and those of a family together.
  public static let room = 64
}

extension Counter {
  /// The set that the counter belongs to. A counter without one does not compile.
  public var set: CounterSet {
    switch self {
    case .started, .committed, .refused, .gaveUp, .failed, .unknown, .attempts, .conflict, .deadlock, .lockTimeout,
      .notAcquired, .leaseLost, .connectionLost, .ambiguous, .error, .committedReads, .overlaps, .expiredHolds, .polls,
      .phantomAcquisitions, .reconnects, .statements, .serverCommits, .serverRollbacks, .backoffNanoseconds:
      .kernel
    case .tornReads, .staleReads, .duplicateValues, .comparedValues, .doubleClaims, .uncoveredPairs: .records
    }
  }
}
