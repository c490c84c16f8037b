public import Model

/// Ways of concurrency control, as the literature divides them; rules of thumb speak of these.
public enum Family: String, Sendable, CaseIterable {
  /// Lock the record in its own database, then read, decide and write.
  case pessimistic
  /// Decide without a lock; what has changed meanwhile makes the write fail, and it is tried again.
  case optimistic
  /// The decision is part of a single statement, script or instruction.
  case atomic
  /// A lock that only the threads of one process know.
  case inProcessLock = "in-process lock"
  /// A lock that the processes of one host share.
  case hostLock = "host lock"
  /// A lock in another place than the records, or with an expiry: the holder may lose it without noticing.
  case distributedLock = "distributed lock"
  /// Several databases promise to commit before any of them does.
  case twoPhaseCommit = "two-phase commit"
  /// One local transaction after the other, and compensations for those that cannot stay.
  case saga

  /// Families by the part of a strategy's id behind the dot, or by the whole id where backends differ.
  private static let names: [String: Family] = [
    "for-update": .pessimistic, "advisory-lock": .pessimistic, "pooled-advisory-lock": .pessimistic,
    "immediate": .pessimistic,
    "for-no-key-update": .pessimistic, "for-share-upgrade": .pessimistic, "nowait": .pessimistic,
    "lock-timeout": .pessimistic, "skip-locked": .pessimistic, "table-lock": .pessimistic,
    "repeatable-read": .optimistic, "optimistic": .optimistic, "watch": .optimistic, "cas": .optimistic,
    "serializable": .optimistic, "deferred": .optimistic, "versioned": .optimistic, "txn": .optimistic,
    "stm": .optimistic,
    "count-then-insert": .pessimistic, "postgres.count-then-insert": .optimistic,
    "event-append": .optimistic, "event-category-lock": .optimistic, "event-stream-row": .pessimistic,
    "lock-in-share-mode": .pessimistic, "get-lock": .pessimistic,
    // Each step locks its rows in their own database.
    // There the level takes shared locks; PostgreSQL's detects conflicts.
    "mariadb.serializable": .pessimistic,
    "atomic": .atomic, "lua": .atomic, "fetch-add": .atomic, "incr": .atomic,
    "primary-reads": .atomic, "replica-reads": .atomic, "sticky-reads": .atomic, "wait-for-lsn": .atomic,
    "remote-apply": .atomic,
    "two-phase-commit": .twoPhaseCommit, "saga": .saga, "saga-inbox": .saga,
    "saga-streams": .saga, "saga-rabbitmq": .saga,
    "lock": .distributedLock, "fenced-lock": .distributedLock, "lock-row": .distributedLock,
    "semaphore": .distributedLock, "advisory-semaphore": .pessimistic,
  ]

  /// The family of a strategy over a store; nil when nothing is known of it, and then no rule speaks of it.
  public static func of(_ strategy: StrategyDescriptor, over store: String) -> Family? {
    if let composed = StrategyDescriptor.parts(of: strategy.id) {
      // The queue of the lock service decides about its speed.
      return composed.lock.hasPrefix("memory.")
        ? .inProcessLock : composed.lock.hasPrefix("host.") ? .hostLock : .distributedLock
    }
    let parts = strategy.id.split(separator: ".", maxSplits: 1)
    if strategy.scope == .process { return .inProcessLock }
    if strategy.scope == .host, !strategy.stores.isEmpty { return .hostLock }
    if let backend = parts.first, !strategy.stores.isEmpty, backend != store { return .distributedLock }
    return names[strategy.id] ?? parts.last.flatMap { names[String($0)] }
      ?? (strategy.stores.isEmpty ? nil : .distributedLock)
  }

  /// Whether its guarantee reaches over several databases, each with its own transactions.
  var spansDatabases: Bool { self == .twoPhaseCommit || self == .saga }

  /// With its article, in a sentence.
  public var phrase: String {
    switch self {
    case .pessimistic: "a pessimistic lock"
    case .optimistic: "an optimistic strategy"
    case .atomic: "an atomic statement"
    case .inProcessLock: "an in-process lock"
    case .hostLock: "a lock of the host"
    case .distributedLock: "a distributed lock"
    case .twoPhaseCommit: "two-phase commit"
    case .saga: "a saga"
    }
  }
}
