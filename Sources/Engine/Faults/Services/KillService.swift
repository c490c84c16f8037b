public import Model

/// Kills all processes of a server and starts it again on what its files hold: what it had acknowledged and not written
/// is gone, locks included.
public struct KillService: Fault {
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
  public var summary: String { "kill \(members.name(in: service))" }

  /// Which member was the leader.
  public var subject: String { members.subject }

  /// The server is gone for a while.
  public var claim: FaultClaim? { FaultClaim(.service(service, member: members.number), .ends) }

  /// Needs a server that is ours.
  public func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String? {
    members.obstacle(service, managed)
  }

  /// Kills it.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    guard members.find(in: service, trial) else { return false }
    try trial.kill(service: service, member: members.found)
    return true
  }

  /// Starts it again.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool {
    try trial.restart(service: service, member: members.found)
    return true
  }
}

extension KillService: ScenarioFault {
  /// `kill-service`.
  public static let descriptor = FaultDescriptor(
    id: "kill-service", summary: "Kills a server (SIGKILL) and starts it again on what its files hold.",
    subject: .service, length: .duration(.milliseconds(100)),
    options: [MemberChoice.option])

  /// The service that the scenario names, or the first one that the strategy needs.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) {
    self.init(settings.service(in: trial), settings.options.chosenMember)
  }
}
