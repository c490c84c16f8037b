/// Stops a worker process, as a long garbage collection or a suspended virtual machine does, and lets it go on: what it
/// held may have expired meanwhile, and it does not know.
public struct PauseWorkers: Fault {
  /// Whom.
  public let victim: Victim
  private var paused: Int?

  /// Makes a fault.
  public init(_ victim: Victim) { self.victim = victim }

  /// What it does.
  public var summary: String { "pause \(victim.name)" }

  /// Needs a process of that position.
  public func obstacle(in trial: ResolvedTrial, managed: Set<String>) -> String? { victim.obstacle(in: trial) }

  /// Stops it, once there is one.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    switch victim {
    case .holder: paused = trial.pauseHolder()
    case .process(let index): paused = trial.pause(process: index) ? index : nil
    }
    return paused != nil
  }

  /// Lets it go on.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool {
    guard let paused else { return false }
    return trial.resume(process: paused)
  }
}
