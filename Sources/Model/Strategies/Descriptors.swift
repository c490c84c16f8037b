/// What a cell is expected to show.
public enum Grade: String, Sendable, Codable, CaseIterable {
  /// A violation must never appear.
  case forbidden
  /// A violation may appear; it is worth a look.
  case interesting
  /// A violation must appear: a planted control. If it does not, the checkers proved nothing.
  case required
}

/// How far the protection of a strategy reaches.
public enum Scope: String, Sendable, Codable {
  /// Threads of one process.
  case process
  /// Processes of one host.
  case host
  /// Whoever reaches the server.
  case network
}

/// How workers use threads.
public enum Threading: String, Sendable, Codable {
  /// One thread per worker: the strategy may block its thread.
  case perWorker
  /// One thread per worker up to a few per processor, then workers share them: best for PostgreSQL.
  case perConnection
  /// One thread for all workers of a process: best for Redis.
  case shared
}

/// What operations a strategy can run.
public enum Applicability: String, Sendable, Codable {
  /// Every workload.
  case any
  /// Operations on a single record.
  case singleKey
  /// Additions to a single record that no guard limits.
  case unguardedAdd
  /// Transactions over lists, which a strategy states besides: ``StrategyDescriptor/lists``.
  case lists
  /// Requests with an idempotency key that may be delivered twice, and nothing else.
  case deliveries
  /// Runs of a scheduled job, and nothing else.
  case job
  /// Effects of a leader. Locks that can be held over many operations state it besides:
  /// ``StrategyDescriptor/leads``; of a strategy, that it does nothing else.
  case election
  /// Transactions of the user's own, and nothing else.
  case script

  /// Whether a strategy that can run this can run what is needed.
  public func covers(_ needed: Applicability) -> Bool {
    isApart || needed.isApart ? self == needed : breadth >= needed.breadth
  }

  /// Whether who runs it runs nothing else.
  private var isApart: Bool { self == .deliveries || self == .job || self == .election || self == .script }

  /// How much a strategy can run: the larger includes the smaller.
  public var breadth: Int {
    switch self {
    case .unguardedAdd: 0
    case .singleKey: 1
    case .any: 2
    case .lists: 3
    case .deliveries: 4
    case .job: 5
    case .election: 6
    case .script: 7
    }
  }
}

/// What a strategy is, for `contend list`, for validation and for the engine.
public struct StrategyDescriptor: Sendable {
  /// `backend.name`.
  public let id: String
  /// Other names that scenario files may use.
  public let aliases: [String]
  /// One line.
  public let summary: String
  /// What `contend explain` tells about it.
  public internal(set) var documentation: Documentation
  /// Services that it needs itself, besides those of its store.
  public let needs: [String]
  /// The store that it works on unless a scenario says otherwise: `memory`, `postgres`, `redis`.
  public let store: String
  /// Stores whose records it can go around (`over:`), its own first; empty when it owns its store. The catalog fills in
  /// the others.
  public var stores: [String]
  /// Those of its stores whose records compare its fencing tokens (`fence:`).
  public internal(set) var fencedStores: [String] = []
  /// Options of its own.
  public internal(set) var options: [OptionSpecification]
  /// How far its protection reaches.
  public let scope: Scope
  /// How its workers use threads.
  public let threading: Threading
  /// Which operations it can run.
  public let applicability: Applicability
  /// What a violation would mean.
  public let grade: Grade
  /// Whether attempts leave the new values behind, so that duplicates reveal lost updates.
  public let returnsValues: Bool
  /// Round trips while others are kept out, for one record; 0 when nothing is held.
  public let roundTripsUnderLock: Int
  /// What it promises of transactions over lists; nil when it has none.
  public let lists: ListTransactions?
  /// Names of the stages of an operation whose times it records, ``largestNumberOfStages`` at most: `prepare`, `decide`.
  public internal(set) var stages: [String]
  /// Whether it can be held over many operations, as a term of office.
  public internal(set) var leads = false
  /// Whether it is a user's own program, which a scenario must name.
  public var takesProgram = false
  /// Points of an operation at which the fault `kill-at-point` can end its process, in the order in which they are met.
  public var points: [String]
  /// Whether an operation that only reads sees one moment of all its records; what others see is counted, and allowed.
  let alwaysReadsSnapshots: Bool
  /// The flag with which it does so where it does not otherwise; nil when it has none.
  let snapshotFlag: String?
  /// Whether it writes down decisions in a file of the trial.
  public let keepsLog: Bool
  /// So many stages are told apart.
  public static let largestNumberOfStages = 4
  /// Makes a descriptor.
  public init(
    id: String, aliases: [String] = [], summary: String, documentation: Documentation, needs: [String] = [],
    store: String, stores: [String] = [], options: [OptionSpecification] = [], scope: Scope, threading: Threading,
    applicability: Applicability = .any, grade: Grade = .forbidden, returnsValues: Bool = false,
    roundTripsUnderLock: Int = 0, lists: ListTransactions? = nil, stages: [String] = [], points: [String] = [],
    keepsLog: Bool = false, readsSnapshots: Bool = true, snapshotFlag: String? = nil
  ) {
    precondition(stages.count <= Self.largestNumberOfStages)
    self.id = id
    self.aliases = aliases
    self.summary = summary
    self.documentation = documentation
    self.needs = needs
    self.store = store
    self.stores = stores
    self.options = options
    self.scope = scope
    self.threading = threading
    self.applicability = applicability
    self.grade = grade
    self.returnsValues = returnsValues
    self.roundTripsUnderLock = roundTripsUnderLock
    self.lists = lists
    self.stages = stages
    self.points = points
    self.keepsLog = keepsLog
    alwaysReadsSnapshots = readsSnapshots
    self.snapshotFlag = snapshotFlag
  }

  /// Whether it promises, with its options, that an operation which only reads sees one moment of all its records.
  public func readsSnapshots(_ options: Options) -> Bool {
    alwaysReadsSnapshots || (snapshotFlag.map { options.values[$0] == .flag(true) } ?? false)
  }

  /// Whether it can run what a workload needs.
  public func covers(_ needed: Applicability) -> Bool {
    switch needed {
    case .lists: lists != nil
    case .election: leads
    default: applicability.covers(needed)
    }
  }

  /// The services that a cell of this strategy needs, with the store that a scenario puts it over.
  ///
  /// - Parameter shards: over how many databases a store spreads its records that is several.
  public func services(over store: String?, shards: Int = WorkloadSettings.usualShards) -> [String] {
    let used = store ?? self.store
    let stores = sharding(over: store, shards: shards)?.services ?? (used == "memory" ? [] : [used])
    return (needs + stores).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// How the records of a cell of this strategy are spread; nil when they lie in one store.
  public func sharding(over store: String?, shards: Int) -> Sharding? {
    ShardedStore.sharding(of: store ?? self.store, shards: shards)
  }

  /// The grade of a cell: a strategy that protects threads of one process promises nothing to several processes.
  public func grade(processes: Int) -> Grade {
    scope == .process && processes > 1 && grade == .forbidden ? .interesting : grade
  }
}

/// What a workload is.
public struct WorkloadDescriptor: Sendable {
  /// Id in scenario files.
  public let id: String
  /// One line.
  public let summary: String
  /// Options of its own.
  public let options: [OptionSpecification]
  /// Least number of keys that it needs.
  public let minimumKeys: Int
  /// Makes a descriptor.
  public init(id: String, summary: String, options: [OptionSpecification] = [], minimumKeys: Int = 1) {
    self.id = id
    self.summary = summary
    self.options = options
    self.minimumKeys = minimumKeys
  }
}
