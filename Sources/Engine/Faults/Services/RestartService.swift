public import Model

/// Ends a server in good order and starts it again, as for new settings or another version: what it had acknowledged is
/// there again as far as it writes it to files, and every session is gone.
public struct RestartService: Fault {
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
  public var summary: String { "restart \(members.name(in: service))" }

  /// Which member was the leader.
  public var subject: String { members.subject }

  /// The server is gone for a while.
  public var claim: FaultClaim? { FaultClaim(.service(service, member: members.number), .ends) }

  /// Needs a server that is ours.
  public func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String? {
    members.obstacle(service, managed)
  }

  /// Ends it.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    guard members.find(in: service, trial) else { return false }
    try trial.shutDown(service: service, member: members.found)
    return true
  }

  /// Starts it again.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool {
    try trial.restart(service: service, member: members.found)
    return true
  }
}

extension RestartService: ScenarioFault {
  /// `restart-service`.
  public static let descriptor = FaultDescriptor(
    id: "restart-service", summary: "Asks a server to end in good order and starts it again.", subject: .service,
    length: .duration(.milliseconds(100)), options: [MemberChoice.option])

  /// The service that the scenario names, or the first one that the strategy needs.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) {
    self.init(settings.service(in: trial), settings.options.chosenMember)
  }
}
