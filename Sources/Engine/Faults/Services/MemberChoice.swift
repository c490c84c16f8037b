internal import Model

/// Which of the servers of a service a fault is done to, and which it was.
public struct MemberChoice: Sendable {
  /// What can be asked for.
  public enum Member: Sendable, Equatable {
    /// The whole service.
    case all
    /// By its number, from 0 in the order of the URL.
    case number(Int)
    /// Whoever leads the others when it happens.
    case leader
  }

  private let wanted: Member
  /// The member that it was done to last; nil for all.
  private(set) var found: Int?

  init(_ wanted: Member) {
    self.wanted = wanted
    if case .number(let number) = wanted { found = number }
  }

  /// The member, where it is known before; nil for all, and for a leader, who may be any of them.
  var number: Int? { if case .number(let number) = wanted { number } else { nil } }

  /// The servers in words: `service redis`, `member 2 of redlock`.
  func name(in service: String) -> String {
    switch wanted {
    case .all: "service \(service)"
    case .number(let number): "member \(number) of \(service)"
    case .leader: "the leader of \(service)"
    }
  }

  /// Which of them was the leader; empty where the name says it.
  var subject: String {
    if wanted == .leader, let found { "member \(found)" } else { "" }
  }

  /// Why it cannot be done to such a member, in one sentence.
  func obstacle(_ service: String, _ managed: ManagedServices) -> String? {
    if let obstacle = managed.obstacle(service) { return obstacle }
    if wanted == .all { return nil }
    let count = managed.memberCount(of: service)
    if count == 1 {
      let remedy = managed.canBeEnsemble(service) ? "; state services.\(service): ensemble for three" : ""
      return "\(service) is one server, which has no members\(remedy)"
    }
    switch wanted {
    case .number(let number) where number >= count:
      return "\(service) has \(count) members, counted from 0, and none of number \(number)"
    case .leader where !managed.canBeEnsemble(service) && !managed.replicates(service):
      return "no member of \(service) leads the others"
    default: return nil
    }
  }

  /// The same for a service that somebody else runs: its members have numbers, but nobody is asked who leads.
  func obstacle(ofForeign service: String) -> String? {
    wanted == .leader ? "who leads is known of managed services only; name the member by its number" : nil
  }

  /// Whether it is done to the whole service.
  var isAll: Bool { wanted == .all }

  /// Finds the member at this moment; false when nobody leads.
  mutating func find(in service: String, _ trial: TrialController) -> Bool {
    guard wanted == .leader else { return true }
    found = trial.leader(of: service)
    return found != nil
  }

  /// What scenarios state.
  static let option = OptionSpecification(
    "member", .wordOrInteger(["all", "leader"], 0...99), default: .word("all"),
    "Of a service of several servers: which one, from 0, or the one that leads the others; all of them by default.")
}

extension Options {
  /// The member that a scenario states.
  var chosenMember: MemberChoice.Member {
    switch values["member"] {
    case .integer(let number): .number(number)
    case .word("leader"): .leader
    default: .all
    }
  }
}
