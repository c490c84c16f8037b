public import Model

/// Stops all processes of a server and lets them go on: its clients see a server that accepts and does not answer.
public struct PauseService: Fault {
  /// Name of the service.
  public let service: String
  private var members: MemberChoice

  /// Makes a fault.
  ///
  /// - Parameter member: of its servers, if it has several.
  public init(_ service: String, _ member: MemberChoice.Member = .all) {
    self.service = service
    members = MemberChoice(member)
  }

  /// What it does.
  public var summary: String { "pause \(members.name(in: service))" }

  /// Which member was the leader.
  public var subject: String { members.subject }

  /// The server stands still.
  public var claim: FaultClaim? { FaultClaim(.service(service, member: members.number), .stops) }

  /// Needs a server that is ours.
  public func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String? {
    members.obstacle(service, managed)
  }

  /// Stops it.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    guard members.find(in: service, trial) else { return false }
    try trial.pause(service: service, member: members.found)
    return true
  }

  /// Lets it go on.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool {
    try trial.resume(service: service, member: members.found)
    return true
  }
}

extension PauseService: ScenarioFault {
  /// `pause-service`.
  public static let descriptor = FaultDescriptor(
    id: "pause-service", summary: "Stops a server (SIGSTOP) and lets it go on: it accepts and does not answer.",
    subject: .service, length: .share(0.2),
    options: [MemberChoice.option])

  /// The service that the scenario names, or the first one that the strategy needs.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) {
    self.init(settings.service(in: trial), settings.options.chosenMember)
  }
}
