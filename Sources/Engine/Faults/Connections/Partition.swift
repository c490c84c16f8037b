public import Model
internal import Proxy

/// Separates workers from a service, or from one of its servers: nothing passes, nobody is told, and nobody new is let
/// in. What is on its way arrives when it heals, as it does when a network sends again what was lost.
public struct Partition: Fault {
  /// Name of the service.
  public let service: String
  /// Which of several servers of the service, from 0 in the order of its URL; nil for all.
  public let member: Int?
  private var stand: ProxyStand?

  /// Makes a fault.
  public init(_ service: String, member: Int? = nil) {
    self.service = service
    self.member = member
  }

  /// What it does.
  public var summary: String {
    "separate workers from " + (member.map { "member \($0) of \(service)" } ?? "service \(service)")
  }

  /// Needs connections.
  public func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String? {
    CutConnection(service, .blackHole, member: member).obstacle(in: trial, managed: managed)
  }

  /// Stands between workers and servers.
  public mutating func prepare(_ addresses: inout [String: String]) throws(FaultFailure) {
    stand = try ProxyStand(before: service, &addresses, member: member)
  }

  /// Lets nothing pass.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    guard let stand else { return false }
    stand.proxy.disturb(.blackHole, stand.links)
    return true
  }

  /// Lets everything pass again.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool {
    guard let stand else { return false }
    stand.proxy.calm(stand.links)
    return true
  }
}

extension Partition: ScenarioFault {
  /// `partition`.
  public static let descriptor = FaultDescriptor(
    id: "partition", summary: "Separates workers from a service, or from one of its servers: nothing passes.",
    subject: .service, length: .share(0.2), options: [CutConnection.memberOption])

  /// As the scenario states it.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) {
    self.init(settings.service(in: trial), member: settings.options.member)
  }
}
