/// A scenario file, read and resolved: every setting has a value.
public struct Scenario: Sendable, Equatable, Codable {
  /// Name for results: the file's `name`, or its file name without extension.
  public var name: String
  /// The settings that are swept besides the numbers of workers, in the order of the file.
  public var sweep: [SweptSetting]
  /// Every combination of the swept values, the first setting varying slowest; one without a name when nothing is swept.
  /// Never empty.
  public var variants: [Variant]
  /// The strategies to compare, in the order of the file.
  public var strategies: [StrategySelection]
  /// Where the servers are.
  public var services: ServiceSettings
  /// What is done to every trial while it runs.
  public var faults: [FaultSettings] = []
  /// How two versions are compared.
  public var gate: GatePolicy

  /// Makes a scenario with several variants.
  ///
  /// - Parameter variants: at least one; `workers`, `repetitions` and `seed` of their loads are the same in all.
  public init(
    name: String, sweep: [SweptSetting], variants: [Variant], strategies: [StrategySelection],
    services: ServiceSettings, gate: GatePolicy = GatePolicy()
  ) {
    precondition(!variants.isEmpty, "a scenario has at least one variant")
    self.name = name
    self.sweep = sweep
    self.variants = variants
    self.strategies = strategies
    self.services = services
    self.gate = gate
  }

  /// Makes a scenario that sweeps nothing but numbers of workers.
  public init(
    name: String, workload: WorkloadSettings, load: LoadSettings = LoadSettings(), retry: RetryPolicy = RetryPolicy(),
    strategies: [StrategySelection], services: ServiceSettings = ServiceSettings(), gate: GatePolicy = GatePolicy()
  ) {
    self.init(
      name: name, sweep: [], variants: [Variant(workload: workload, load: load, retry: retry)], strategies: strategies,
      services: services, gate: gate)
  }

  /// Numbers of workers, each a load point of every variant.
  public var workers: [Int] { variants[0].load.workers }
  /// How often every cell is measured.
  public var repetitions: Int { variants[0].load.repetitions }
  /// Seed of every random choice.
  public var seed: UInt64 { variants[0].load.seed }
}

/// Which records the operations choose.
public enum KeyDistribution: Sendable, Equatable, Codable {
  /// Each record with the same probability.
  case uniform
  /// Record i with a probability proportional to (i+1)^-theta.
  case zipfian(theta: Double)
}

/// Where the time inside and outside the critical section goes, and which workload runs.
public struct WorkloadSettings: Sendable, Equatable, Codable {
  /// Id of the workload: `counter`, `stock`, ...
  public var kind: String
  /// How many records are fought over.
  public var keys: Int
  /// How records are chosen.
  public var distribution: KeyDistribution
  /// Time inside the critical section, between reading and writing.
  public var hold: Duration
  /// Time between two operations of a worker.
  public var think: Duration
  /// Over how many databases the records are spread, for strategies that span several; others keep all in one.
  public var shards = WorkloadSettings.usualShards
  /// Where nothing else is stated.
  public static let usualShards = 2
  /// The workload's own options.
  public var options: Options
  /// A user's own transactions; nil for workloads that bring theirs.
  public var script: ScriptSettings?
  /// Makes settings.
  public init(
    kind: String, keys: Int = 1, distribution: KeyDistribution = .uniform, hold: Duration = .zero,
    think: Duration = .zero, options: Options = Options([])
  ) {
    self.kind = kind
    self.keys = keys
    self.distribution = distribution
    self.hold = hold
    self.think = think
    self.options = options
  }
}

/// Where threads of the client and of the server may run.
public enum Placement: String, Sendable, Codable, CaseIterable {
  /// The kernel decides.
  case free
  /// Client and managed servers on the same CPU.
  case same
  /// Client on the even CPUs, managed servers on the odd ones.
  case split
}

/// How many workers run, on what, for how long.
public struct LoadSettings: Sendable, Equatable, Codable {
  /// Numbers of workers to sweep; each is a load point.
  public var workers: [Int] = [8]
  /// Over how many hosts the workers are spread.
  public var hosts = 1
  /// Over how many processes the workers of each host are spread.
  public var processes = 1
  /// Threads over all processes; nil lets each backend choose.
  public var threads: Int?
  /// Length of the measured window; nil when `operations` bounds the trial.
  public var duration: Duration? = .seconds(2)
  /// Operations of a trial over all workers; nil when `duration` bounds it.
  public var operations: Int?
  /// Time before the measured window.
  public var warmup: Duration = .milliseconds(500)
  /// How often every cell is measured.
  public var repetitions = 3
  /// How often a trial that others on the machine disturbed is measured again at most; 0 for never.
  public var remeasure = 2
  /// Seed of every random choice.
  public var seed: UInt64 = 1
  /// Operations per second that arrive over all workers, whether or not earlier ones have ended (open loop);
  /// nil for a closed loop.
  public var rate: Double?
  /// How these arrivals are spread over time.
  public var arrivals = ArrivalPattern.poisson
  /// How long operations that still wait at the end may take before they are cut off.
  public var drain: Duration = .seconds(5)
  /// Placement on CPUs.
  public var pin: Placement = .free
  /// All defaults.
  public init() {}
}

/// How long to wait before the next attempt.
public struct RetryPolicy: Sendable, Equatable, Codable {
  /// How the wait grows.
  public enum Backoff: String, Sendable, Codable, CaseIterable {
    case none, constant, exponential
  }
  /// How the wait is randomised (names of the AWS article "Exponential Backoff and Jitter").
  public enum Jitter: String, Sendable, Codable, CaseIterable {
    case none, full, equal, decorrelated
  }
  /// Growth of the wait.
  public var backoff: Backoff = .exponential
  /// Randomisation of the wait.
  public var jitter: Jitter = .full
  /// The first wait, before jitter.
  public var base: Duration = .milliseconds(1)
  /// The longest wait.
  public var cap: Duration = .milliseconds(100)
  /// Attempts of one operation before it gives up; nil for no limit.
  public var attempts: Int?
  /// Time of one operation after which it makes no further attempt; nil for no limit.
  public var deadline: Duration? = .seconds(10)
  /// All defaults.
  public init() {}

  /// Try again at once, for ever: what a lock-free loop does. The default of strategies inside one process, where a
  /// wait of a millisecond would be ten thousand operations.
  public static var immediate: RetryPolicy {
    var policy = RetryPolicy()
    policy.backoff = .none
    policy.jitter = .none
    return policy
  }
}

/// A strategy of a scenario, with its options.
public struct StrategySelection: Sendable, Equatable, Codable {
  /// Id of the strategy.
  public var id: String
  /// How the strategy is called in tables and files: the id unless the scenario names it.
  public var label: String
  /// The store that a locking strategy protects; the strategy's own when nil.
  public var over: String?
  /// The strategy's own options, resolved.
  public var options: Options
  /// Its own retry policy; nil for the scenario's.
  public var retry: RetryPolicy?
  /// Its own transaction scripts; nil for the workload's.
  public var transactions: [ScriptSettings.Transaction]?
  /// What the scenario expects; nil for what the strategy's grade says.
  public var expectation: Expectation?
  /// The user's own program, for a strategy that is one; nil for others.
  public var adapter: AdapterSettings?
  /// Makes a selection.
  public init(
    id: String, label: String? = nil, over: String? = nil, options: Options = Options([]),
    retry: RetryPolicy? = nil, expectation: Expectation? = nil, adapter: AdapterSettings? = nil
  ) {
    self.adapter = adapter
    self.id = id
    self.label = label ?? id
    self.over = over
    self.options = options
    self.retry = retry
    self.expectation = expectation
  }
}

/// What a scenario expects of a strategy.
public enum Expectation: String, Sendable, Codable, CaseIterable {
  /// No violation.
  case pass
  /// At least one violation: a planted control.
  case violation
  /// Either; it is reported and not judged.
  case any
}

/// Where a server is.
public enum ServiceLocation: Sendable, Equatable, Codable {
  /// A private instance, started by us and thrown away.
  case managed
  /// Three private servers that agree on everything, started by us and thrown away.
  case ensemble
  /// A server that somebody else runs. The URL may hold a password: never print it, use ``redacted``.
  case url(String)

  /// The location without credentials, for results and messages.
  public var redacted: String {
    switch self {
    case .managed: "managed"
    case .ensemble: "ensemble"
    case .url(let url): Redaction.url(url)
    }
  }
}

/// Where each service of a scenario is; services that are not named are managed.
public struct ServiceSettings: Sendable, Equatable, Codable {
  /// Locations by service name: `postgres`, `redis`.
  public var locations: [String: ServiceLocation]
  /// Makes settings.
  public init(locations: [String: ServiceLocation] = [:]) { self.locations = locations }
  /// The location of a service.
  public subscript(name: String) -> ServiceLocation { locations[name] ?? .managed }
}
