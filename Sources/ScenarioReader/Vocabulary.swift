public import Model

/// The words that scenario files may use: what the program knows to run.
///
/// Passed in, so that reading a scenario needs neither a strategy nor a workload.
public struct Vocabulary: Sendable {
  /// Workloads, in the order in which they are listed to users.
  public let workloads: [WorkloadDescriptor]
  /// Strategies, in the order in which they are listed to users.
  public let strategies: [StrategyDescriptor]
  /// Faults, in the order in which they are listed to users.
  public let faults: [FaultDescriptor]
  /// The services of the backends that are built in.
  public let reachable: [ServiceDescriptor]
  /// Backends that are known and not built in: their strategies and stores get a remedy instead of "unknown".
  public let missing: [Backend]
  /// A lock around a strategy by its composed name, `redis.lock over postgres.for-update`; nil when there is none.
  public let composed: @Sendable (String) -> StrategyDescriptor?
  /// What is wrong with settings of a workload whose options are each within their limits, in one sentence; nil when
  /// they fit together.
  public let problem: @Sendable (WorkloadSettings) -> String?
  /// What operations with these settings ask of a strategy. Only called for settings without a problem.
  public let applicability: @Sendable (WorkloadSettings) -> Applicability
  /// Whether all operations with these settings take locks in one order. Only called for settings without a problem.
  public let isOrdered: @Sendable (WorkloadSettings) -> Bool

  /// What is wrong with the faults of a scenario that is in order otherwise: the position of each that cannot be done to
  /// some strategy, and why, in one sentence.
  public let faultProblems: @Sendable (Scenario) -> [(fault: Int, message: String)]

  /// What keeps a scenario that is in order otherwise from running on the hosts that it asks for, in sentences.
  public let hostProblems: @Sendable (Scenario) -> [String]

  /// Whether programs and files that a scenario names must be there: not when it is only read again, beside its results.
  public var findsFiles = true

  /// Makes a vocabulary. The closures are only called with the settings of a known workload, all options in range.
  public init(
    workloads: [WorkloadDescriptor], strategies: [StrategyDescriptor], faults: [FaultDescriptor] = [],
    services: [ServiceDescriptor] = [],
    missing: [Backend] = [],
    composed: @escaping @Sendable (String) -> StrategyDescriptor? = { _ in nil },
    problem: @escaping @Sendable (WorkloadSettings) -> String? = { _ in nil },
    applicability: @escaping @Sendable (WorkloadSettings) -> Applicability,
    isOrdered: @escaping @Sendable (WorkloadSettings) -> Bool = { _ in true },
    faultProblems: @escaping @Sendable (Scenario) -> [(fault: Int, message: String)] = { _ in [] },
    hostProblems: @escaping @Sendable (Scenario) -> [String] = { _ in [] }
  ) {
    self.workloads = workloads
    self.strategies = strategies
    self.faults = faults
    self.faultProblems = faultProblems
    self.hostProblems = hostProblems
    reachable = services
    self.missing = missing
    self.composed = composed
    self.problem = problem
    self.applicability = applicability
    self.isOrdered = isOrdered
  }

  /// The workload of an id.
  func workload(_ id: String) -> WorkloadDescriptor? { workloads.first { $0.id == id } }

  /// The strategy of an id or alias, or of a composed name.
  func strategy(_ name: String) -> StrategyDescriptor? {
    strategies.first { $0.id == name } ?? strategies.first { $0.aliases.contains(name) }
      ?? (StrategyDescriptor.parts(of: name) == nil ? nil : composed(name))
  }

  /// Ids, then aliases.
  var strategyNames: [String] { strategies.map(\.id) + strategies.flatMap(\.aliases) }

  /// The backend, not built in, that a strategy or store belongs to.
  func missingBackend(of name: String) -> Backend? {
    Backend.further(of: name).flatMap { missing.contains($0) ? $0 : nil }
  }

  /// Every service that a strategy or one of its stores needs, in the order of the strategies; then those of backends
  /// that are not built in, so that a file may name them wherever it is read.
  var services: [ServiceDescriptor] {
    (strategies.flatMap { strategy in
      ([nil] + strategy.stores).flatMap { strategy.services(over: $0, shards: ShardedStore.maximumShards) }
    } + missing.map(\.name))
    .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    .map { name in reachable.first { $0.name == name } ?? ServiceDescriptor(name) }
  }
}
