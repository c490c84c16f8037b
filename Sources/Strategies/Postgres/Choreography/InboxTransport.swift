public import Model
public import Runtime

/// Messages in the database of the receiver: whoever publishes writes into its inbox, and it claims them there in the
/// transaction of their effect.
public struct InboxTransport: MessageTransport, ~Copyable {
  private let plans: [SessionPlan]
  private let worker: WorkerContext
  /// Sessions with receivers, opened when there is something to say to them.
  private var participants: [SagaParticipant?]

  /// How sessions are opened, for each database in order.
  public struct Configuration: Sendable {
    let plans: [SessionPlan]
  }

  /// With the transaction of its effect.
  public static var acknowledging: Acknowledging { .withEffect }

  /// Checks the addresses.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    var plans: [SessionPlan] = []
    for database in 0..<(environment.sharding?.count ?? 0) {
      plans.append(
        try SessionPlan(
          try environment.database(database),
          [
            .begin, .commit, .rollback, ChoreographyStatements.deliver, ChoreographyStatements.withoutWaiting,
            ChoreographyStatements.wakeService, ChoreographyStatements.count,
          ], isPipelined: true))
    }
    return Configuration(plans: plans)
  }

  /// Connects when there is something to publish.
  public static func open(
    _ configuration: Configuration, as role: MessageRole, _ worker: WorkerContext
  ) async throws(SetupFailure) -> InboxTransport {
    InboxTransport(
      plans: configuration.plans, worker: worker,
      participants: Array(repeating: nil, count: configuration.plans.count))
  }

  private init(plans: [SessionPlan], worker: WorkerContext, participants: [SagaParticipant?]) {
    self.plans = plans
    self.worker = worker
    self.participants = participants
  }

  /// Sessions that were lost are opened again when they are needed.
  public mutating func reopen() async throws(SetupFailure) {}

  private mutating func participant(_ service: Int) async throws(AttemptFailure) -> SagaParticipant {
    if let participant = participants[service] { return participant }
    do throws(SetupFailure) {
      let participant = try await SagaParticipant(
        plans[service], worker, undo: SagaStatements.undo, hasSemanticLock: false)
      participants[service] = participant
      return participant
    } catch {
      throw .connectionLost
    }
  }

  /// Inserts it into the inbox, unless it is there, and wakes who waits.
  public mutating func publish(_ message: borrowing Message, to service: Int) async throws(AttemptFailure) {
    try await participant(service).deliver(copy message)
  }

  /// The service claims what there is.
  public mutating func receive(_ message: inout Message, until deadline: Int64) async throws(AttemptFailure) -> Bool {
    false
  }

  /// The service removes what it has claimed.
  public mutating func acknowledge() async throws(AttemptFailure) {}

  /// The service moves what it has claimed.
  public mutating func reject(_ message: borrowing Message) async throws(AttemptFailure) {}

  /// Asks the database.
  public mutating func count(at service: Int) async throws(AttemptFailure) -> MessageCounts {
    try await participant(service).countMessages()
  }

  /// The text of an unexpected error.
  public var errorText: String? { participants.lazy.compactMap { $0?.errorText }.first }

  /// Closes the sessions.
  public mutating func close() async { participants = Array(repeating: nil, count: participants.count) }
}
