public import Model
internal import Runtime

/// Makes Redis lose all its keys at once (`FLUSHALL`), as a restart without persistence does: every lock is free, and
/// its holder does not know.
public struct FlushRedis: Fault {
  private static let service = "redis"

  /// Makes a fault.
  public init() {}

  /// What it does.
  public var summary: String { "flush redis" }

  /// It is asked to.
  public var claim: FaultClaim? { FaultClaim(.service(Self.service), .asks) }

  /// What is lost is lost.
  public var heals: Bool { false }

  /// Needs a Redis of ours that holds locks and no records.
  public func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String? {
    if let obstacle = managed.obstacle(Self.service) { return obstacle }
    return trial.store == Self.service
      ? "the records are in it and would be lost with the locks; put the lock over another store" : nil
  }

  /// Loses everything.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    try trial.ask(Self.service) { administration throws(SetupFailure) in try administration.loseEverything() }
    return true
  }

  /// There is nothing to undo.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool { false }
}

extension FlushRedis: ScenarioFault {
  /// `flush-redis`.
  public static let descriptor = FaultDescriptor(
    id: "flush-redis", summary: "Makes Redis forget all its keys at once, as a restart without persistence does.",
    subject: .named)

  /// There is nothing to state.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) { self.init() }
}
