/// Something that workers count, by its position in the shared memory of their threads.
///
/// A value and not a case, so that an observer brings its own (``Counter/watched``): a declaration beside it, and a row
/// in that list.
public struct Counter: RawRepresentable, Hashable, Sendable, Codable {
  /// The position, from 0 to ``room`` - 1.
  public let rawValue: Int
  /// The counter at a position.
  @inlinable @inline(__always) public init(rawValue: Int) { self.rawValue = rawValue }

  /// Counters that a thread has room for.
  public static let room = 64

  /// What results say of a counter.
  public struct Entry: Sendable {
    /// The counter.
    public let counter: Counter
    /// Name of its column, with the unit.
    public let column: String
    /// What it counts, in one sentence.
    public let meaning: String

    init(_ counter: Counter, _ column: String, _ meaning: String) {
      self.counter = counter
      self.column = column
      self.meaning = meaning
    }
  }

  /// All counters by position, those of the kernel and those of observers.
  public static let entries: [Entry] = (kernel + watched + spanning)
    .sorted { $0.counter.rawValue < $1.counter.rawValue }
  /// All counters by position. A new one has the position after the last, where files have its column.
  public static let allCases: [Counter] = entries.map(\.counter)

  /// What the loop, its retries and its sessions count: the same for every workload.
  static let kernel: [Entry] = [
    Entry(.started, "started_count", "Operations started."),
    Entry(.committed, "committed_count", "Operations whose effect is in the store."),
    Entry(.refused, "refused_count", "Operations to which the business rule said no."),
    Entry(.gaveUp, "gave_up_count", "Operations whose retry policy ran out of attempts or time; nothing was stored."),
    Entry(.failed, "failed_count", "Operations that met an error which a retry does not cure; nothing was stored."),
    Entry(.unknown, "unknown_count", "Operations that may have happened: the answer to the deciding request was lost."),
    Entry(.attempts, "attempts_count", "Attempts started."),
    Entry(
      .conflict, "conflict_count",
      "Attempts that lost to another: a version moved, a transaction could not be serialised."),
    Entry(.deadlock, "deadlock_count", "Attempts that the server ended to break a deadlock."),
    Entry(.lockTimeout, "lock_timeout_count", "Attempts whose lock was not granted within the server's limit."),
    Entry(.notAcquired, "not_acquired_count", "Attempts whose lock was not granted within the client's limit."),
    Entry(.leaseLost, "lease_lost_count", "Attempts that held a lock and lost it before anything was stored."),
    Entry(
      .connectionLost, "connection_lost_count", "Attempts whose connection broke before the deciding request was sent."),
    Entry(.ambiguous, "ambiguous_count", "Attempts whose connection broke after the deciding request was sent."),
    Entry(.error, "error_count", "Attempts that met any other error."),
    Entry(.committedReads, "committed_reads_count", "Committed operations that only read."),
    Entry(
      .overlaps, "overlaps_count",
      "Critical sections entered while another worker was inside: two believed to hold the lock."),
    Entry(.expiredHolds, "expired_holds_count", "Releases that found the lock no longer ours."),
    Entry(.polls, "polls_count", "Polls of a lock that was not free, or of a server that was behind."),
    Entry(
      .phantomAcquisitions, "phantom_acquisitions_count",
      "Session locks that the server granted although it reported a timeout."),
    Entry(.reconnects, "reconnects_count", "Sessions opened anew after a lost connection."),
    Entry(.statements, "statements_count", "Statements or commands sent to a server."),
    Entry(
      .serverCommits, "confirmed_commits_count",
      "Transactions that the server confirmed as committed, as the client saw it."),
    Entry(
      .serverRollbacks, "confirmed_rollbacks_count", "Transactions that the server rolled back, as the client saw it."),
    Entry(.backoffNanoseconds, "backoff_sum_ns", "Nanoseconds slept between attempts, summed over all workers."),
    Entry(
      .staleEffectsAttempted, "stale_effects_attempted_count",
      "Writes sent although a later holder of the lock had changed the record, or that a fence refused."),
    Entry(
      .staleEffectsAccepted, "stale_effects_accepted_count",
      "Those of them that the store took: damage, where two only believing to hold the lock is none."),
  ]

  /// What observers count while operations run.
  static let watched: [Entry] = [
    Entry(.tornReads, "torn_reads_count", "Reads that saw values which no single moment had."),
    Entry(.staleReads, "stale_reads_count", "Reads that saw a value older than one acknowledged before they began."),
    Entry(
      .duplicateValues, "duplicate_values_count",
      "Returned values that another operation had returned before: each is a lost update."),
    Entry(
      .comparedValues, "compared_values_count", "Returned values that were compared with those of other operations."),
    Entry(
      .doubleClaims, "double_claims_count",
      "Claims granted while another worker owned the record: each is a double booking."),
    Entry(
      .uncoveredPairs, "uncovered_pairs_count",
      "Releases that found the partner of their record taken, too: each is a write skew."),
    Entry(
      .auditedSnapshots, "audited_snapshots_count", "Reads of all records together whose sum was compared."),
    Entry(
      .unbalancedSnapshots, "unbalanced_snapshots_count",
      "Those of them whose sum was not that of the start: a part of an operation was seen."),
    Entry(
      .missedOwnWrites, "missed_own_writes_count",
      "Reads that saw a value older than one that the same worker had been told to be stored."),
    Entry(
      .nonMonotonicReads, "non_monotonic_reads_count",
      "Reads that saw a value older than one that the same worker had read before."),
  ]

  /// What strategies count that span several stores, services or deliveries.
  static let spanning: [Entry] = [
    Entry(.redeliveries, "redeliveries_count", "Requests that were delivered once more, with the same key."),
    Entry(.replays, "replays_count", "Requests that were answered with the response stored before."),
    Entry(
      .differentResponses, "different_responses_count",
      "Requests whose response differed from an earlier one to the same key."),
    Entry(
      .rejectedDuplicates, "rejected_duplicates_count",
      "Requests that were turned away because the same one was being worked on, or was known."),
    Entry(.projectedEvents, "projected_events_count", "Events that a projection has applied."),
    Entry(
      .answersAhead, "answers_ahead_count",
      "Answers of a read model that were newer than the checkpoint stored with it."),
    Entry(.compensations, "compensations_count", "Compensations that took effect."),
    Entry(
      .retriedCompensations, "retried_compensations_count", "Compensations that failed and were tried again."),
    Entry(
      .dirtyReads, "dirty_reads_count", "Reads of a record that an unfinished operation had changed."),
    Entry(.logSyncs, "log_syncs_count", "Times that a decision log was forced to the disk."),
    Entry(
      .changesOfNothing, "changes_of_nothing_count",
      "UPDATE, DELETE and MERGE statements of scripts that changed no row, where no rule says what that means."),
  ]
}

extension Counter {
  /// Operations started.
  @inlinable @inline(__always) public static var started: Counter { Counter(rawValue: 0) }
  /// Operations whose effect is in the store.
  @inlinable @inline(__always) public static var committed: Counter { Counter(rawValue: 1) }
  /// Operations to which the business rule said no.
  @inlinable @inline(__always) public static var refused: Counter { Counter(rawValue: 2) }
  /// Operations whose retry policy ran out of attempts or time; nothing was stored.
  @inlinable @inline(__always) public static var gaveUp: Counter { Counter(rawValue: 3) }
  /// Operations that met an error which a retry does not cure; nothing was stored.
  @inlinable @inline(__always) public static var failed: Counter { Counter(rawValue: 4) }
  /// Operations that may have happened: the answer to the deciding request was lost.
  @inlinable @inline(__always) public static var unknown: Counter { Counter(rawValue: 5) }
  /// Attempts started.
  @inlinable @inline(__always) public static var attempts: Counter { Counter(rawValue: 6) }
  /// Attempts that lost to another: a version moved, a transaction could not be serialised.
  @inlinable @inline(__always) public static var conflict: Counter { Counter(rawValue: 7) }
  /// Attempts that the server ended to break a deadlock.
  @inlinable @inline(__always) public static var deadlock: Counter { Counter(rawValue: 8) }
  /// Attempts whose lock was not granted within the server's limit.
  @inlinable @inline(__always) public static var lockTimeout: Counter { Counter(rawValue: 9) }
  /// Attempts whose lock was not granted within the client's limit.
  @inlinable @inline(__always) public static var notAcquired: Counter { Counter(rawValue: 10) }
  /// Attempts that held a lock and lost it before anything was stored.
  @inlinable @inline(__always) public static var leaseLost: Counter { Counter(rawValue: 11) }
  /// Attempts whose connection broke before the deciding request was sent.
  @inlinable @inline(__always) public static var connectionLost: Counter { Counter(rawValue: 12) }
  /// Attempts whose connection broke after the deciding request was sent.
  @inlinable @inline(__always) public static var ambiguous: Counter { Counter(rawValue: 13) }
  /// Attempts that met any other error.
  @inlinable @inline(__always) public static var error: Counter { Counter(rawValue: 14) }
  /// Committed operations that only read.
  @inlinable @inline(__always) public static var committedReads: Counter { Counter(rawValue: 15) }
  /// Critical sections during which another worker entered the same one: two believed to hold the lock.
  @inlinable @inline(__always) public static var overlaps: Counter { Counter(rawValue: 16) }
  /// Releases that found the lock no longer ours: the lease had expired while we worked.
  @inlinable @inline(__always) public static var expiredHolds: Counter { Counter(rawValue: 22) }
  /// Polls of a lock that was not free, or of a server that was behind.
  @inlinable @inline(__always) public static var polls: Counter { Counter(rawValue: 23) }
  /// Session locks that the server granted although it reported a timeout (PostgreSQL, see `protocols` B11).
  @inlinable @inline(__always) public static var phantomAcquisitions: Counter { Counter(rawValue: 24) }
  /// Sessions opened anew after a lost connection.
  @inlinable @inline(__always) public static var reconnects: Counter { Counter(rawValue: 25) }
  /// Statements or commands sent to a server.
  @inlinable @inline(__always) public static var statements: Counter { Counter(rawValue: 26) }
  /// Transactions that the server confirmed as committed, including those that only read or refused.
  @inlinable @inline(__always) public static var serverCommits: Counter { Counter(rawValue: 27) }
  /// Transactions that the server rolled back, by error or on request.
  @inlinable @inline(__always) public static var serverRollbacks: Counter { Counter(rawValue: 28) }
  /// Nanoseconds slept between attempts.
  @inlinable @inline(__always) public static var backoffNanoseconds: Counter { Counter(rawValue: 29) }
  /// Writes sent although the change of a later holder of the lock had been acknowledged, and writes that a fence
  /// refused; whether or not the store took them.
  @inlinable @inline(__always) public static var staleEffectsAttempted: Counter { Counter(rawValue: 31) }
  /// Those of ``staleEffectsAttempted`` that the store took.
  @inlinable @inline(__always) public static var staleEffectsAccepted: Counter { Counter(rawValue: 32) }

  /// The counter of an outcome.
  @inlinable public static func of(_ outcome: Outcome) -> Counter {
    switch outcome {
    case .committed: .committed
    case .refused: .refused
    case .gaveUp: .gaveUp
    case .failed: .failed
    case .unknown: .unknown
    }
  }

  /// The counter of a failure class.
  @inlinable public static func of(_ failure: AttemptFailure) -> Counter {
    switch failure {
    case .conflict: .conflict
    case .deadlock: .deadlock
    case .lockTimeout: .lockTimeout
    case .notAcquired: .notAcquired
    case .leaseLost: .leaseLost
    case .connectionLost: .connectionLost
    case .ambiguous: .ambiguous
    case .error: .error
    }
  }
}

/// Of the observers that come with the checkers here.
extension Counter {
  /// Read-only operations that saw values which no single moment had.
  @inlinable @inline(__always) public static var tornReads: Counter { Counter(rawValue: 17) }
  /// Read-only operations that saw a value older than one acknowledged before they began.
  @inlinable @inline(__always) public static var staleReads: Counter { Counter(rawValue: 18) }
  /// Returned values that another operation had returned before: each is a lost update.
  @inlinable @inline(__always) public static var duplicateValues: Counter { Counter(rawValue: 19) }
  /// Returned values that were compared with those of other operations.
  @inlinable @inline(__always) public static var comparedValues: Counter { Counter(rawValue: 20) }
  /// Claims that were granted while another worker owned the record: each is a double booking.
  @inlinable @inline(__always) public static var doubleClaims: Counter { Counter(rawValue: 21) }
  /// Releases that found the partner of their record taken, too: each is a write skew.
  @inlinable @inline(__always) public static var uncoveredPairs: Counter { Counter(rawValue: 30) }
  /// Reads of all records together whose sum was compared with that of the start.
  @inlinable @inline(__always) public static var auditedSnapshots: Counter { Counter(rawValue: 33) }
  /// Those of ``auditedSnapshots`` that showed another sum.
  @inlinable @inline(__always) public static var unbalancedSnapshots: Counter { Counter(rawValue: 34) }
  /// Read-only operations that saw a value older than one that the same worker had been told to be stored.
  @inlinable @inline(__always) public static var missedOwnWrites: Counter { Counter(rawValue: 45) }
  /// Read-only operations that saw a value older than one that the same worker had read before.
  @inlinable @inline(__always) public static var nonMonotonicReads: Counter { Counter(rawValue: 46) }
}

/// Of strategies that span several stores, services or deliveries.
extension Counter {
  /// Requests that were delivered once more, with the same key.
  @inlinable @inline(__always) public static var redeliveries: Counter { Counter(rawValue: 35) }
  /// Requests that were answered with the response stored before.
  @inlinable @inline(__always) public static var replays: Counter { Counter(rawValue: 36) }
  /// Requests whose response differed from an earlier one to the same key.
  @inlinable @inline(__always) public static var differentResponses: Counter { Counter(rawValue: 37) }
  /// Requests that were turned away because the same one was being worked on, or was known.
  @inlinable @inline(__always) public static var rejectedDuplicates: Counter { Counter(rawValue: 38) }
  /// Events that a projection has applied.
  @inlinable @inline(__always) public static var projectedEvents: Counter { Counter(rawValue: 39) }
  /// Answers of a read model that were newer than the checkpoint stored with it.
  @inlinable @inline(__always) public static var answersAhead: Counter { Counter(rawValue: 40) }
  /// Compensations that took effect.
  @inlinable @inline(__always) public static var compensations: Counter { Counter(rawValue: 41) }
  /// Compensations that failed and were tried again.
  @inlinable @inline(__always) public static var retriedCompensations: Counter { Counter(rawValue: 42) }
  /// Reads of a record that an unfinished operation had changed.
  @inlinable @inline(__always) public static var dirtyReads: Counter { Counter(rawValue: 43) }
  /// Times that a decision log was forced to the disk.
  @inlinable @inline(__always) public static var logSyncs: Counter { Counter(rawValue: 44) }
  /// `UPDATE`, `DELETE` and `MERGE` statements of scripts that changed no row, where no rule says what that means.
  @inlinable @inline(__always) public static var changesOfNothing: Counter { Counter(rawValue: 47) }
}
