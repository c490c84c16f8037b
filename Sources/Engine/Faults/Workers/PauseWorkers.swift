public import Model

/// Stops a worker process, as a long garbage collection or a suspended virtual machine does, and lets it go on: what it
/// held may have expired meanwhile, and it does not know.
public struct PauseWorkers: Fault {
  /// Whom.
  public private(set) var victim: Victim
  /// Whom it was done to last.
  public private(set) var subject = ""
  private var paused: Int?

  /// Makes a fault.
  public init(_ victim: Victim) { self.victim = victim }

  /// What it does.
  public var summary: String { "pause \(victim.name)" }

  /// It stands still.
  public var claim: FaultClaim? { victim.process.map { FaultClaim(.process($0), .stops) } }

  /// Needs a process of that position.
  public func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String? { victim.obstacle(in: trial) }

  /// Stops it, once there is one.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    paused = victim.pause(trial)
    if let paused { subject = trial.name(ofProcess: paused) }
    return paused != nil
  }

  /// Lets it go on.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool {
    guard let paused else { return false }
    return trial.resume(process: paused)
  }
}

extension PauseWorkers: ScenarioFault {
  /// `pause-worker`.
  public static let descriptor = FaultDescriptor(
    id: "pause-worker",
    summary: "Stops a worker process (SIGSTOP) and lets it go on, as a long garbage collection does.",
    subject: .workers, length: .share(0.2), options: [Victim.option])

  /// Whom, as the scenario states it.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) {
    self.init(Victim(settings.options.values["target"], in: trial))
  }
}
