public import Model

/// Ends a server in good order and starts it again, as for new settings or another version: what it had acknowledged is
/// there again as far as it writes it to files, and every session is gone.
public struct RestartService: Fault {
  /// Name of the service.
  public let service: String

  /// Makes a fault.
  public init(_ service: String) { self.service = service }

  /// What it does.
  public var summary: String { "restart service \(service)" }

  /// The server is gone for a while.
  public var claim: FaultClaim? { FaultClaim(.service(service), .ends) }

  /// Needs a server that is ours.
  public func obstacle(in trial: ResolvedTrial, managed: Set<String>) -> String? {
    managed.contains(service) ? nil : "it is not a service of the trial that is managed"
  }

  /// Ends it.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    try trial.shutDown(service: service)
    return true
  }

  /// Starts it again.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool {
    try trial.restart(service: service)
    return true
  }
}

extension RestartService: ScenarioFault {
  /// `restart-service`.
  public static let descriptor = FaultDescriptor(
    id: "restart-service", summary: "Asks a server to end in good order and starts it again.", subject: .service,
    length: .duration(.milliseconds(100)))

  /// The service that the scenario names, or the first one that the strategy needs.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) {
    self.init(settings.service(in: trial))
  }
}
