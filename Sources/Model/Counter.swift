/// Everything a worker counts, of the kernel or of a family of operations: see ``set``. The raw value is the position in
/// the shared memory of a thread; a new counter is added at the end, where files have its column.
public enum Counter: Int, CaseIterable, Sendable, Codable {
  /// Operations started.
  case started
  // Outcomes of operations, in the order of ``Outcome``.
  case committed, refused, gaveUp, failed, unknown
  /// Attempts started.
  case attempts
  // Attempts by failure class, in the order of ``AttemptFailure``.
  case conflict, deadlock, lockTimeout, notAcquired, leaseLost, connectionLost, ambiguous, error
  /// Committed operations that only read.
  case committedReads
  /// Critical sections during which another worker entered the same one: two believed to hold the lock.
  case overlaps
  /// Read-only operations that saw values which no single moment had.
  case tornReads
  /// Read-only operations that saw a value older than one acknowledged before they began.
  case staleReads
  /// Returned values that another operation had returned before: each is a lost update.
  case duplicateValues
  /// Returned values that were compared with those of other operations.
  case comparedValues
  /// Claims that were granted while another worker owned the record: each is a double booking.
  case doubleClaims
  /// Releases that found the lock no longer ours: the lease had expired while we worked.
  case expiredHolds
  /// Polls of a lock that was not free.
  case polls
  /// Session locks that the server granted although it reported a timeout (PostgreSQL, see `protocols` B11).
  case phantomAcquisitions
  /// Sessions opened anew after a lost connection.
  case reconnects
  /// Statements or commands sent to a server.
  case statements
  /// Transactions that the server confirmed as committed, including those that only read or refused.
  case serverCommits
  /// Transactions that the server rolled back, by error or on request.
  case serverRollbacks
  /// Nanoseconds slept between attempts.
  case backoffNanoseconds
  /// Releases that found the partner of their record taken, too: each is a write skew.
  case uncoveredPairs

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

/// The stretches of a trial that are counted apart.
public enum Phase: Int, CaseIterable, Sendable, Codable {
  /// Before the measured window.
  case warmUp
  /// Operations that started and ended inside the measured window.
  case measured
  /// Operations that were still waiting when the window closed; their latency is censored.
  case drained
}

/// Counts of one phase, summed over threads and processes.
public struct Tally: Sendable, Equatable, Codable {
  /// One number per ``Counter``, in its order.
  public private(set) var counts: [Int64]

  /// All zero.
  public init() { counts = Array(repeating: 0, count: Counter.allCases.count) }

  /// The number of one counter.
  public subscript(counter: Counter) -> Int64 {
    get { counts[counter.rawValue] }
    set { counts[counter.rawValue] = newValue }
  }

  /// Adds another tally, counter by counter; sums wrap as they do in shared memory.
  public static func += (left: inout Tally, right: Tally) {
    for index in left.counts.indices { left.counts[index] &+= right.counts[index] }
  }

  /// Operations by outcome, summed.
  public var outcomes: Int64 { Outcome.allCases.reduce(0) { $0 + self[.of($1)] } }
  /// Failed attempts of every class, summed.
  public var failedAttempts: Int64 { AttemptFailure.allCases.reduce(0) { $0 + self[.of($1)] } }
  /// Attempts that ended without an answer because the process was ended are not among the classes, so this counts
  /// what is missing: attempts started less attempts ended.
  public var openAttempts: Int64 { self[.attempts] - self[.committed] - self[.refused] - failedAttempts }
  /// Operations started less operations ended.
  public var openOperations: Int64 { self[.started] - outcomes }
}
