public import Model

/// Kills all processes of a server and starts it again on what its files hold: what it had acknowledged and not written
/// is gone, locks included.
public struct KillService: Fault {
  /// Name of the service.
  public let service: String

  /// Makes a fault.
  public init(_ service: String) { self.service = service }

  /// What it does.
  public var summary: String { "kill service \(service)" }

  /// The server is gone for a while.
  public var claim: FaultClaim? { FaultClaim(.service(service), .ends) }

  /// Needs a server that is ours.
  public func obstacle(in trial: ResolvedTrial, managed: Set<String>) -> String? {
    managed.contains(service) ? nil : "it is not a service of the trial that is managed"
  }

  /// Kills it.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    try trial.kill(service: service)
    return true
  }

  /// Starts it again.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool {
    try trial.restart(service: service)
    return true
  }
}

extension KillService: ScenarioFault {
  /// `kill-service`.
  public static let descriptor = FaultDescriptor(
    id: "kill-service", summary: "Kills a server (SIGKILL) and starts it again on what its files hold.",
    subject: .service, length: .duration(.milliseconds(100)))

  /// The service that the scenario names, or the first one that the strategy needs.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) {
    self.init(settings.service(in: trial))
  }
}
