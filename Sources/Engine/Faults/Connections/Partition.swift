public import Model
internal import Proxy
public import Services

/// Separates workers from a service, or from one of its servers, or members of an ensemble from each other: nothing
/// passes, and nobody is told. What is on its way arrives when it heals, as it does when a network sends again what was
/// lost.
public struct Partition: Fault {
  /// From whom a service, or a member of it, is separated.
  public enum Side: String, Sendable, CaseIterable {
    /// From the workers.
    case clients
    /// From the other members.
    case members
  }

  /// Name of the service.
  public let service: String
  /// Who is separated from it.
  public let side: Side
  private var members: MemberChoice
  private var stand: ProxyStand?

  /// Makes a fault.
  ///
  /// - Parameter member: of its servers, if it has several.
  public init(_ service: String, between side: Side = .clients, member: MemberChoice.Member = .all) {
    self.service = service
    self.side = side
    members = MemberChoice(member)
  }

  /// What it does.
  public var summary: String {
    switch side {
    case .clients: "separate workers from \(members.name(in: service))"
    case .members where members.isAll: "separate the members of \(service) from each other"
    case .members: "separate \(members.name(in: service)) from the other members"
    }
  }

  /// Which member was the leader.
  public var subject: String { members.subject }

  /// Members that meet through proxies.
  public var preparations: [String: ServerPreparation] { side == .members ? [service: .separableMembers] : [:] }

  /// Needs connections.
  public func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String? {
    switch side {
    case .clients:
      if let obstacle = CutConnection(service, .blackHole).obstacle(in: trial, managed: managed) { return obstacle }
      // A member of somebody else's is known by its number in the URL, which is read when the trial starts.
      return managed.obstacle(service) == nil
        ? members.obstacle(service, managed) : members.obstacle(ofForeign: service)
    case .members:
      if let obstacle = managed.obstacle(service) { return obstacle }
      guard managed.canSeparateMembers(of: service) else {
        return "servers of \(service) have nothing to say to each other; separate workers from them: between: clients"
      }
      guard managed.memberCount(of: service) > 1 else {
        return "\(service) is one server, which has no members; state services.\(service): ensemble for three"
      }
      return members.obstacle(service, managed)
    }
  }

  /// Workers are separated between them and servers.
  public var needsProxy: Bool { side == .clients }

  /// Stands between workers and servers.
  public mutating func prepare(_ addresses: inout [String: String]) throws(FaultFailure) {
    guard side == .clients else { return }
    stand = try ProxyStand(before: service, &addresses)
    _ = try stand?.links(of: members.found, in: service)
  }

  /// Lets nothing pass.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    guard members.find(in: service, trial) else { return false }
    switch side {
    case .clients: try stand?.disturb(.blackHole, member: members.found, in: service)
    case .members: try trial.separate(service: service, member: members.found)
    }
    return true
  }

  /// Lets everything pass again.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool {
    switch side {
    case .clients: stand?.proxy.calm(stand?.links ?? [])
    case .members: try trial.join(service: service)
    }
    return true
  }
}

extension Partition: ScenarioFault {
  /// `partition`.
  public static let descriptor = FaultDescriptor(
    id: "partition",
    summary: "Separates workers from a service or one of its servers, or members from each other: nothing passes.",
    subject: .service, length: .share(0.2),
    options: [
      OptionSpecification(
        "between", .word(Side.allCases.map(\.rawValue)), default: .word(Side.clients.rawValue),
        "Who is separated from the service or the member: its clients, which are the workers, or the other members."),
      MemberChoice.option,
    ])

  /// As the scenario states it.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) {
    self.init(
      settings.service(in: trial), between: Side(rawValue: settings.options.word("between")) ?? .clients,
      member: settings.options.chosenMember)
  }
}
