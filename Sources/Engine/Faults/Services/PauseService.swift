public import Model

/// Stops all processes of a server and lets them go on: its clients see a server that accepts and does not answer.
public struct PauseService: Fault {
  /// Name of the service.
  public let service: String

  /// Makes a fault.
  public init(_ service: String) { self.service = service }

  /// What it does.
  public var summary: String { "pause service \(service)" }

  /// The server stands still.
  public var claim: FaultClaim? { FaultClaim(.service(service), .stops) }

  /// Needs a server that is ours.
  public func obstacle(in trial: ResolvedTrial, managed: Set<String>) -> String? {
    managed.contains(service) ? nil : "it is not a service of the trial that is managed"
  }

  /// Stops it.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    try trial.pause(service: service)
    return true
  }

  /// Lets it go on.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool {
    try trial.resume(service: service)
    return true
  }
}

extension PauseService: ScenarioFault {
  /// `pause-service`.
  public static let descriptor = FaultDescriptor(
    id: "pause-service", summary: "Stops a server (SIGSTOP) and lets it go on: it accepts and does not answer.",
    subject: .service, length: .share(0.2))

  /// The service that the scenario names, or the first one that the strategy needs.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) {
    self.init(settings.service(in: trial))
  }
}
