/// Kills a worker process, as the kernel does when memory runs out: nothing is given back and nothing is closed. Another
/// one may take its place.
public struct KillWorkers: Fault {
  /// Whom.
  public let victim: Victim
  /// Whether a process with the same workers is started when the time of the fault is over.
  public let restarts: Bool
  private var killed: Int?

  /// Makes a fault.
  public init(_ victim: Victim, restarts: Bool = false) {
    self.victim = victim
    self.restarts = restarts
  }

  /// What it does.
  public var summary: String { "kill \(victim.name)" }

  /// A process that nobody replaces is gone for good.
  public var heals: Bool { restarts }

  /// Needs a process of that position.
  public func obstacle(in trial: ResolvedTrial, managed: Set<String>) -> String? { victim.obstacle(in: trial) }

  /// Kills it, once there is one.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    switch victim {
    case .holder: killed = trial.pauseHolder()
    case .process(let index): killed = trial.isRunning(process: index) ? index : nil
    }
    guard let killed else { return false }
    trial.kill(process: killed)
    return true
  }

  /// Starts another in its place, if there is time left.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool {
    guard let killed else { return false }
    return try trial.restart(process: killed)
  }
}
