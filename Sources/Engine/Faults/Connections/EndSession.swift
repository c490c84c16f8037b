public import Model
internal import Runtime

/// Ends sessions of workers by the server's own means, as an administrator does or a limit of the server:
/// `pg_terminate_backend`, `KILL`, `CLIENT KILL`. What a session has locked is free at once, and its worker lives on.
public struct EndSession: Fault {
  /// Name of the service.
  public let service: String
  /// Whose session.
  public let role: SessionRole
  private var nextLook: Int64 = 0

  /// Looking takes a query, which costs the server as much as an operation.
  private static let patience: Int64 = 5_000_000

  /// Makes a fault.
  public init(_ service: String, _ role: SessionRole = .any) {
    self.service = service
    self.role = role
  }

  /// What it does.
  public var summary: String {
    switch role {
    case .any: "end a session of \(service)"
    case .holder: "end the session of a holder of \(service)"
    case .waiter: "end the session of a waiter of \(service)"
    case .all: "end all sessions of \(service)"
    }
  }

  /// The server is asked to.
  public var claim: FaultClaim? { FaultClaim(.service(service), .asks) }

  /// Workers open others.
  public var heals: Bool { false }

  /// Needs a server that can end sessions, and knows them as well as it must.
  public func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String? {
    guard trial.services.contains(service) else { return "the trial does not use it" }
    switch service {
    case "postgres", "mariadb": return nil
    case "redis":
      return role == .any || role == .all
        ? nil : "Redis stores keys and does not know which session has a lock; name any or all"
    default: return "\(service) has no means to end a session; cut the connection"
    }
  }

  /// Ends one, once there is one.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    guard monotonicNow() >= nextLook else { return false }
    nextLook = monotonicNow() + Self.patience
    let role = role
    return try trial.ask(service) { administration throws(SetupFailure) in
      try administration.endWorkerSession(role)
    }
  }

  /// There is nothing to undo.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool { false }
}

extension EndSession: ScenarioFault {
  /// `end-session`.
  public static let descriptor = FaultDescriptor(
    id: "end-session", summary: "Lets the server end sessions of workers: pg_terminate_backend, KILL, CLIENT KILL.",
    subject: .service,
    options: [
      OptionSpecification(
        "of", .word(SessionRole.allCases.map(\.rawValue)), default: .word(SessionRole.any.rawValue),
        "Whose: of one that has a lock, of one that waits for a lock, of any, of all.")
    ])

  /// As the scenario states it.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) {
    self.init(
      settings.service(in: trial), SessionRole(rawValue: settings.options.word("of")) ?? .any)
  }
}
