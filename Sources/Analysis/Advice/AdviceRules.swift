internal import Model
internal import Words

/// Everything that advice knows besides the measurement, as data: what an architecture rules out, what the literature
/// recommends, what to take care of, and what would change the answer.
enum AdviceRules {
  /// Share of attempts in conflict from which the literature turns from optimistic to pessimistic.
  static let highConflict = 0.2

  /// Architectures in which a strategy protects nothing, whatever it measured.
  static let exclusions = [
    ExclusionRule(id: "one-process") { strategy, _, architecture in
      guard let processes = architecture.processes, processes > 1, strategy.scope == .process else { return nil }
      return "it protects the threads of one process, and there are \(processes) processes"
    },
    ExclusionRule(id: "one-database") { _, family, architecture in
      let isBeside = family == .distributedLock || family == .inProcessLock || family == .hostLock
      guard architecture.databases > 1, !isBeside, family?.spansDatabases != true else { return nil }
      return "its guarantee ends at one database, and operations span \(architecture.databases)"
    },
    ExclusionRule(id: "lock-is-no-transaction") { _, family, architecture in
      let isBeside = family == .distributedLock || family == .inProcessLock || family == .hostLock
      guard architecture.databases > 1, isBeside else { return nil }
      return
        "it keeps others away while \(architecture.databases) databases are written to, and nobody finishes what a "
        + "process that dies in between has begun"
    },
  ]

  /// Published rules of thumb that prefer one family to another.
  static let preferences = [
    RuleOfThumb(
      id: "rare-conflicts", text: "Where conflicts are rare (below 20 % of accesses), optimistic beats pessimistic.",
      source:
        "Kung and Robinson 1981, \"On Optimistic Methods for Concurrency Control\"; Alibaba Java Coding Guidelines",
      favours: [.optimistic], over: [.pessimistic]
    ) { situation, store in
      situation.conflicts(store: store).flatMap { $0.ratio < highConflict ? conflictFact($0) : nil }
    },
    RuleOfThumb(
      id: "frequent-conflicts",
      text: "Where conflicts are frequent (20 % of accesses and more), pessimistic beats optimistic.",
      source: "Alibaba Java Coding Guidelines; Agrawal, Carey and Livny 1987, \"Concurrency Control Performance "
        + "Modeling\" (limited resources)",
      favours: [.pessimistic], over: [.optimistic]
    ) { situation, store in
      situation.conflicts(store: store).flatMap { $0.ratio >= highConflict ? conflictFact($0) : nil }
    },
    RuleOfThumb(
      id: "one-statement", text: "Where the operation is one guarded change, state it as one: do not read first.",
      source: "Ringer 2014, \"PostgreSQL anti-patterns: read-modify-write cycles\"; PostgreSQL manual, 13.2.1",
      favours: [.atomic], over: [.pessimistic, .optimistic, .distributedLock, .inProcessLock]
    ) { _, _ in "the operation can be stated as one" },
    RuleOfThumb(
      id: "database-first",
      text: "Where all records are in one database, its transactions rather than a lock beside it.",
      source: "Kleppmann 2016, \"How to do distributed locking\"",
      favours: [.pessimistic, .optimistic, .atomic], over: [.distributedLock]
    ) { situation, _ in situation.architecture.databases > 1 ? nil : "all records are in one database" },
    RuleOfThumb(
      id: "no-needless-distribution",
      text: "Where all records are in one database, its own transaction rather than one over several, or a saga.",
      source:
        "Helland 2007, \"Life beyond Distributed Transactions\"; Fowler 2002, \"First Law of Distributed Object Design\"",
      favours: [.pessimistic, .optimistic, .atomic], over: [.twoPhaseCommit, .saga]
    ) { situation, _ in situation.architecture.databases > 1 ? nil : "all records are in one database" },
    RuleOfThumb(
      id: "local-lock", text: "A distributed lock is for several processes; one process needs only its own lock.",
      source: "Redis documentation, \"Distributed locks with Redis\"",
      favours: [.inProcessLock], over: [.distributedLock]
    ) { situation, _ in situation.processes > 1 ? nil : "there is one process" },
  ]

  /// What to know before following a recommendation.
  static let cautions = [
    Caution(
      id: "no-fencing",
      text: "A distributed lock serves efficiency; for correctness its writes need fencing tokens: a holder that is "
        + "paused past its lease goes on writing.",
      source: "Kleppmann 2016, \"How to do distributed locking\""
    ) { situation, entry in situation.family(entry) == .distributedLock },
    Caution(
      id: "retry-with-jitter", text: "Try again with exponential backoff and jitter, and bound the attempts.",
      source: "Brooker 2015, \"Exponential Backoff And Jitter\", AWS Architecture Blog"
    ) { situation, entry in situation.family(entry) == .optimistic },
    Caution(
      id: "one-process-only", text: "It protects the threads of one process: a second instance loses updates.",
      source: "POSIX, pthread_mutexattr_setpshared: private to the process unless set otherwise"
    ) { situation, entry in situation.scope(entry) == .process },
    Caution(
      id: "records-in-memory", text: "The records are in memory: they end with the process.",
      source: "contend explain"
    ) { _, entry in entry.cell.store == "memory" },
    Caution(
      id: "records-in-redis", text: "Acknowledged writes since the last fsync may be lost when the Redis server ends.",
      source: "Redis documentation, \"Redis persistence\""
    ) { _, entry in entry.cell.store == "redis" },
    Caution(
      id: "prepared-branches",
      text:
        "A prepared branch keeps its locks while its coordinator is away: keep the log of decisions on a disk that lasts, "
        + "run recovery, and watch the age of what is prepared.",
      source: "PostgreSQL manual, PREPARE TRANSACTION; Gray 1978, \"Notes on Data Base Operating Systems\""
    ) { situation, entry in situation.family(entry) == .twoPhaseCommit },
    Caution(
      id: "no-isolation",
      text:
        "Others see the steps of a saga before it is finished, and may act on what is undone later; compensations must be "
        + "idempotent, and are tried until they hold.",
      source: "Garcia-Molina and Salem 1987, \"Sagas\"; Richardson 2018, \"Microservices Patterns\", 4.3"
    ) { situation, entry in situation.family(entry) == .saga },
    Caution(
      id: "messages",
      text:
        "An event is as safe as what carries it: state an append-only file that is forced to the disk for Redis, durable "
        + "queues and confirms for a broker, and watch outboxes and dead letters.",
      source: "Richardson 2018, \"Microservices Patterns\", 3.3; Redis and RabbitMQ documentation on persistence"
    ) { _, entry in
      let id = entry.cell.trials[0].strategyID
      return ["saga-inbox", "saga-streams", "saga-rabbitmq"].contains { id.hasSuffix($0) }
    },
    Caution(
      id: "few-met", text: "Few operations met another here: that it broke nothing means little.",
      source: "the run: trials.csv, met_count of looks_count"
    ) { _, entry in entry.cell.shareOfTooFewMet != nil },
    Caution(
      id: "other-processes", text: "It was measured with another number of processes than the architecture has.",
      source: "the run: load.processes"
    ) { situation, entry in situation.processes != entry.cell.trials[0].processes },
  ]

  private static func conflictFact(_ conflicts: (strategy: String, ratio: Double)) -> String {
    "\(formatPercent(conflicts.ratio)) of the attempts of \(conflicts.strategy) met a conflict"
  }
}

/// A reason not to use a strategy in an architecture.
struct ExclusionRule: Sendable {
  let id: String
  /// The reason; nil when the strategy may be used.
  let reason: @Sendable (StrategyDescriptor, Family?, Architecture) -> String?
}

/// A sentence that goes with a recommendation.
struct Caution: Sendable {
  let id: String
  let text: String
  let source: String
  let applies: @Sendable (Situation, Ranking.Entry) -> Bool
}
