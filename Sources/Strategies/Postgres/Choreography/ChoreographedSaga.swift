public import Model
public import Runtime

/// What tells choreographed sagas apart besides their transport: all but one are controls.
public protocol ChoreographyKind: SendableMetatype {
  /// Whether a service asks whether it has done a step before.
  static var isCareful: Bool { get }
}

/// Services that know what they have done.
public enum CarefulServices: ChoreographyKind {
  /// They ask.
  public static var isCareful: Bool { true }
}

/// A saga that nobody leads: each service does its step and tells the next one, in one transaction with an outbox. The
/// worker does the first step, and waits for the end.
public struct ChoreographedSaga<Transport: MessageTransport & ~Copyable, Kind: ChoreographyKind>: Strategy, ~Copyable {
  private let initiator: SagaInitiator<Transport>
  private let instances: [ServiceInstance<Transport>]
  private let identities = SagaAttempts()

  /// What the workers of a process share.
  public struct Configuration: Sendable {
    let choreography: ChoreographyConfiguration
    let transport: Transport.Configuration
  }

  /// Checks the addresses.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      choreography: try ChoreographyConfiguration(
        environment, ChoreographySettings(environment.options), isCareful: Kind.isCareful),
      transport: try Transport.configure(environment))
  }

  /// Connects to all databases, and begins to handle events of the services that the worker is an instance of.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> ChoreographedSaga {
    let initiator = SagaInitiator(
      configuration.choreography,
      try await Transport.open(
        configuration.transport, as: MessageRole(service: nil, receiver: worker.index, patience: 0), worker), worker)
    try await initiator.connect()
    var instances: [ServiceInstance<Transport>] = []
    for service in configuration.choreography.services(of: worker.index) {
      let role = MessageRole(service: service, receiver: worker.index, patience: patience)
      instances.append(
        try await ServiceInstance(
          configuration.choreography, try await Transport.open(configuration.transport, as: role, worker),
          service: service, worker))
    }
    for instance in instances { instance.start() }
    return ChoreographedSaga(initiator: initiator, instances: instances)
  }

  /// Longer than what a service does with an event, as a rule. If it takes longer, the second one finds it done.
  private static var patience: Int64 { 2_000_000_000 }

  private init(initiator: SagaInitiator<Transport>, instances: [ServiceInstance<Transport>]) {
    self.initiator = initiator
    self.instances = instances
  }

  /// Connects again, where a connection was lost.
  public mutating func reopen() async throws(SetupFailure) { try await initiator.mend() }

  /// Other workers may still wait for what the services have to do.
  public consuming func close() async {
    for instance in instances { instance.end(within: 5_000_000_000) }
    await initiator.close()
  }

  /// Begins a saga, and waits for its end.
  public mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      if attempt.operation.isReadOnly {
        try await initiator.read(attempt)
        return .committed
      }
      return try await initiator.begin(try identities.next(attempt), attempt)
    } catch {
      if error == .error { attempt.note(error: initiator.errorText ?? "too many attempts at one operation") }
      throw error
    }
  }
}

/// Numbers the attempts of a worker: each is a saga of its own.
final class SagaAttempts {
  /// The operation of the last attempt, and how many attempts there were.
  private var operation = OperationIdentity(worker: -1, number: 0)
  private var attempts: Int64 = 0

  func next(_ attempt: Attempt) throws(AttemptFailure) -> SagaIdentity {
    let identity = attempt.identity
    attempts = identity == operation ? attempts + 1 : 0
    operation = identity
    guard attempts <= SagaIdentity.largestAttempt else { throw .error }
    return SagaIdentity(identity, attempt: attempts)
  }
}
