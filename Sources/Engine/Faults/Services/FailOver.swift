public import Model
internal import Runtime

/// Loses the primary of a replicated service and makes its first replica the primary.
///
/// Replicas that hear everything until the last moment lose next to nothing on one machine, so by default they hear
/// nothing for a while before: what the primary acknowledges then is on it alone, as on a network that was cut first.
/// Nobody tells the old primary. When the fault heals it is there again and still takes itself for the primary.
public struct FailOver: Fault {
  /// What becomes of the old primary.
  public enum Loss: String, CaseIterable, Sendable {
    /// Killed; started again when the fault heals.
    case kill
    /// Stopped; goes on when the fault heals.
    case pause
    /// Left as it is, so that there are two from now on.
    case run
  }

  /// The primary of every trial is the first member.
  private static let primary = 0
  /// Name of the service.
  public let service: String
  /// For how long the replicas hear nothing before the primary is lost.
  public let cut: Duration
  /// What becomes of the old primary.
  public let loss: Loss
  /// When the replicas were cut off.
  private var separated: Int64?
  private var isLost = false

  /// Makes a fault.
  public init(_ service: String, cut: Duration, _ loss: Loss = .kill) {
    self.service = service
    self.cut = cut
    self.loss = loss
  }

  /// What it does.
  public var summary: String {
    switch loss {
    case .kill: "kill the primary of \(service), promote a replica"
    case .pause: "pause the primary of \(service), promote a replica"
    case .run: "promote a replica of \(service)"
    }
  }

  /// The old primary stands still, or is gone.
  public var claim: FaultClaim? {
    let effect: FaultClaim.Effect =
      switch loss {
      case .kill: .ends
      case .pause: .stops
      case .run: .asks
      }
    return FaultClaim(.service(service, member: Self.primary), effect)
  }

  /// The old primary comes back, if it was gone.
  public var heals: Bool { loss != .run }

  /// Nobody makes the old primary a replica, so that there is nobody to promote a second time.
  public var happensOnce: Bool { true }

  /// Needs replicas of ours.
  public func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String? {
    if let obstacle = managed.obstacle(service) { return obstacle }
    return managed.replicates(service) ? nil : "\(service) has no replicas that could take its place"
  }

  /// Cuts the replicas off, and later does the rest.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    if separated == nil, cut > .zero {
      separated = monotonicNow()
      try trial.ask(service) { administration throws(SetupFailure) in try administration.separateReplicas() }
    }
    if let separated, monotonicNow() - separated < cut.nanoseconds { return false }
    if !isLost {
      switch loss {
      case .kill: try trial.kill(service: service, member: Self.primary)
      case .pause: try trial.pause(service: service, member: Self.primary)
      case .run: break
      }
      isLost = true
    }
    // While it lives it could still be confirmed by another replica what the new primary does not know.
    if loss == .kill, trial.isRunning(service: service, member: Self.primary) { return false }
    try trial.ask(service) { administration throws(SetupFailure) in try administration.promoteReplica() }
    return true
  }

  /// Lets the old primary come back as what it was.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool {
    switch loss {
    case .kill: try trial.restart(service: service, member: Self.primary)
    case .pause: try trial.resume(service: service, member: Self.primary)
    case .run: return false
    }
    return true
  }
}

extension FailOver: ScenarioFault {
  /// `fail-over`.
  public static let descriptor = FaultDescriptor(
    id: "fail-over", summary: "Loses the primary of a replicated service and promotes a replica.", subject: .service,
    canEnd: true,
    options: [
      OptionSpecification(
        "cut", .duration(.zero ... .seconds(60)), default: .duration(.milliseconds(100)),
        "For how long the replicas hear nothing of the primary before it is lost."),
      OptionSpecification(
        "primary", .word(Loss.allCases.map(\.rawValue)), default: .word(Loss.kill.rawValue),
        "What becomes of the old primary: killed and started again at the end of 'for', paused until then, or left to run."
      ),
    ])

  /// As the scenario states it.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) {
    self.init(
      settings.service(in: trial), cut: settings.options.duration("cut"),
      Loss(rawValue: settings.options.word("primary")) ?? .kill)
  }
}
