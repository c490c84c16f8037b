public import Model
public import Services

/// Puts the clock of a server forward, or back: what lasts until a time of day is over early, or late. Locks of Redis do,
/// whose holders do not know; sessions of ZooKeeper run by a monotonic clock and do not.
public struct ClockJump: Fault {
  /// Name of the service.
  public let service: String
  /// How far; back when negative.
  public let shift: Duration
  private var members: MemberChoice

  /// Servers whose clock can be another one than the system's. Programs in Go, such as etcd, ask the kernel without the
  /// C library, and nobody can stand between.
  private static let services = ["redis", "redlock", "redis-replicas", "zookeeper"]
  /// The options by which strategies state how long a lock lasts by the clock of Redis.
  private static let leases: Set = ["ttl", "expire-after", "lock-at-most-for", "lock-watchdog-timeout"]

  /// Makes a fault.
  public init(_ service: String, by shift: Duration, _ member: MemberChoice.Member = .all) {
    self.service = service
    self.shift = shift
    members = MemberChoice(member)
  }

  /// What it does.
  public var summary: String { "put the clock of \(members.name(in: service)) \(shift < .zero ? "back" : "forward")" }

  /// Which member was the leader.
  public var subject: String { members.subject }

  /// The clock stays where it was put, as one does that an administrator has set.
  public var heals: Bool { false }

  /// A clock of its own.
  public var preparations: [String: ServerPreparation] { [service: .ownClock] }

  /// Needs a server that is ours, a clock that can be another one, and something that lasts until a time of day.
  public func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String? {
    if let obstacle = members.obstacle(service, managed) { return obstacle }
    guard Self.services.contains(service) else {
      return "\(service) cannot be given a clock of its own; \(Self.services.joined(separator: ", ")) can"
    }
    if service != "zookeeper", Self.leases.isDisjoint(with: trial.selection.options.values.keys) {
      return "nothing of it lasts until a time of day: it has no lease in \(service)"
    }
    return shift == .zero ? "a jump by nothing is none" : nil
  }

  /// Puts the clock there.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    guard members.find(in: service, trial) else { return false }
    try trial.shiftClock(of: service, by: shift, member: members.found)
    return true
  }

  /// There is nothing to undo.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool { false }
}

extension ClockJump: ScenarioFault {
  /// `clock-jump`.
  public static let descriptor = FaultDescriptor(
    id: "clock-jump",
    summary: "Puts the clock of Redis or ZooKeeper forward or back, where it stays: leases end early or late.",
    subject: .service,
    options: [
      OptionSpecification(
        "by", .duration(.milliseconds(1) ... .seconds(86_400)), default: .duration(.seconds(10)), "How far it jumps."),
      OptionSpecification(
        "direction", .word(["forward", "back"]), default: .word("forward"), "Forward in time, or back."),
      MemberChoice.option,
    ])

  /// As the scenario states it.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) {
    let by = settings.options.duration("by")
    self.init(
      settings.service(in: trial), by: settings.options.word("direction") == "back" ? .zero - by : by,
      settings.options.chosenMember)
  }
}
