public import Model

/// Kills a worker process, as the kernel does when memory runs out: nothing is given back and nothing is closed. Another
/// one may take its place.
public struct KillWorkers: Fault {
  /// Whom.
  public private(set) var victim: Victim
  /// Whom it was done to last.
  public private(set) var subject = ""
  private var replacement: Replacement

  /// Makes a fault.
  public init(_ victim: Victim, restarts: Bool = false) {
    self.victim = victim
    replacement = Replacement(restarts: restarts)
  }

  /// What it does.
  public var summary: String { "kill \(victim.name)" }

  /// Another process is started.
  public var heals: Bool { replacement.restarts }

  /// A process that nobody replaces is gone for good.
  public var isFinal: Bool { !replacement.restarts }

  /// It is gone, for a while at least.
  public var claim: FaultClaim? { victim.process.map { FaultClaim(.process($0), .ends) } }

  /// Needs a process of that position.
  public func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String? { victim.obstacle(in: trial) }

  /// Kills it, once there is one.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    switch victim {
    // One that another fault has stopped can be killed all the same.
    case .process(let index): replacement.killed = trial.isRunning(process: index) ? index : nil
    default: replacement.killed = victim.pause(trial)
    }
    guard let killed = replacement.killed else { return false }
    trial.kill(process: killed)
    subject = trial.name(ofProcess: killed)
    return true
  }

  /// Starts another in its place, if there is time left.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool { try replacement.start(in: trial) }
}

extension KillWorkers: ScenarioFault {
  /// `kill-worker`.
  public static let descriptor = FaultDescriptor(
    id: "kill-worker", summary: "Kills a worker process (SIGKILL); another may take its place.", subject: .workers,
    length: .duration(.milliseconds(100)),
    options: [
      Victim.option,
      Replacement.option,
    ])

  /// Whom, as the scenario states it.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) {
    self.init(
      Victim(settings.options.values["target"], in: trial), restarts: Replacement(settings).restarts)
  }
}
