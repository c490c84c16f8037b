internal import Model
internal import Services

/// The services of a trial that we start ourselves, and of how many servers each consists.
public struct ManagedServices: Sendable {
  private let members: [String: Int]
  private let ensembles: Set<String>

  /// Those that run.
  init(_ services: [RunningService]) {
    members = Dictionary(services.map { ($0.name, $0.memberCount) }) { first, _ in first }
    ensembles = Set(members.keys.filter { ServicePool.memberCount(of: $0, isEnsemble: true) != nil })
  }

  /// Those that will run where the settings say.
  init(_ services: [String], where settings: ServiceSettings) {
    var members: [String: Int] = [:]
    for service in services {
      switch settings[service] {
      case .managed: members[service] = ServicePool.memberCount(of: service) ?? 1
      case .ensemble: members[service] = ServicePool.memberCount(of: service, isEnsemble: true) ?? 1
      case .url: break
      }
    }
    self.members = members
    ensembles = Set(services.filter { ServicePool.memberCount(of: $0, isEnsemble: true) != nil })
  }

  /// Why nothing can be done to a server, in one sentence; nil when it is ours.
  func obstacle(_ service: String) -> String? {
    members[service] == nil ? "\(service) is not a service of the trial that is managed" : nil
  }

  /// Of how many servers a service of ours consists.
  func memberCount(of service: String) -> Int { members[service] ?? 0 }

  /// Whether one of its servers leads and the others repeat what it does.
  func replicates(_ service: String) -> Bool { ServicePool.replicates(service) }

  /// Whether its servers have anything to say to each other that a fault can keep from them.
  func canSeparateMembers(of service: String) -> Bool {
    canBeEnsemble(service) || ServicePool.hasSeparableReplicas(service)
  }

  /// Whether we could start it as an ensemble.
  func canBeEnsemble(_ service: String) -> Bool { ensembles.contains(service) }
}
