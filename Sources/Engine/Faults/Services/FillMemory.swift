public import Model
internal import Runtime

/// Fills the memory of Redis, whose policy is then to evict what expires soonest (`volatile-ttl`): locks that their
/// holders believe to have are thrown away. Limit and policy are those of before when it heals.
public struct FillMemory: Fault {
  private static let service = "redis"

  /// Makes a fault.
  public init() {}

  /// What it does.
  public var summary: String { "fill the memory of redis" }

  /// It is asked to.
  public var claim: FaultClaim? { FaultClaim(.service(Self.service), .asks) }

  /// Needs a Redis of ours, whose limit may be changed.
  public func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String? {
    managed.obstacle(Self.service)
  }

  /// Fills it.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    try trial.ask(Self.service) { administration throws(SetupFailure) in try administration.fillMemory(true) }
    return true
  }

  /// Lifts the limit.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool {
    try trial.ask(Self.service) { administration throws(SetupFailure) in try administration.fillMemory(false) }
    return true
  }
}

extension FillMemory: ScenarioFault {
  /// `fill-memory`.
  public static let descriptor = FaultDescriptor(
    id: "fill-memory", summary: "Fills the memory of Redis, which then evicts what expires soonest: locks.",
    subject: .named, length: .share(0.2))

  /// There is nothing to state.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) { self.init() }
}
