#if RabbitMQ
public import Model
public import Runtime

/// Messages between services by queues of RabbitMQ: durable, each message on disk before the broker confirms it, one in
/// the hand of a receiver, dead letters in a queue of their own.
///
/// Sending and receiving have a connection each: of a broker that is short of memory, the one that sends stands still.
public struct RabbitMQTransport: MessageTransport, ~Copyable {
  private let configuration: RabbitMQConfiguration
  private let role: MessageRole
  /// Opened when it is first needed, of a session that also receives.
  private var sending: BrokerConnection
  private var receiving: BrokerConnection
  private var inHand: BrokerMessage?
  /// The text of the last unexpected error.
  public private(set) var errorText: String?

  /// The broker delivers again what was not acknowledged.
  public static var acknowledging: Acknowledging { .afterEffect }

  /// Finds the broker.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> RabbitMQConfiguration {
    try RabbitMQConfiguration(environment)
  }

  /// Connects, and makes the queues that are not there.
  public static func open(
    _ configuration: RabbitMQConfiguration, as role: MessageRole, _ worker: WorkerContext
  ) async throws(SetupFailure) -> RabbitMQTransport {
    var transport = RabbitMQTransport(configuration, role, on: worker.loop)
    try await transport.reopen()
    return transport
  }

  private init(_ configuration: RabbitMQConfiguration, _ role: MessageRole, on loop: EventLoop) {
    self.configuration = configuration
    self.role = role
    sending = BrokerConnection(configuration.address, on: loop)
    receiving = BrokerConnection(configuration.address, on: loop)
  }

  /// Replaces both connections. The broker delivers again what was in hand.
  public mutating func reopen() async throws(SetupFailure) {
    inHand = nil
    sending.drop()
    receiving.drop()
    do throws(ConnectionProblem) {
      if let service = role.service { try await openReceiving(service) } else { try await openSending() }
    } catch {
      throw note(error)
    }
  }

  private mutating func openSending() async throws(ConnectionProblem) {
    try await sending.open()
    for service in 0..<configuration.services { try await Self.declare(service, configuration, over: &sending) }
    try await sending.confirmMessages()
  }

  private mutating func openReceiving(_ service: Int) async throws(ConnectionProblem) {
    try await receiving.open()
    try await Self.declare(service, configuration, over: &receiving)
    try await receiving.consume(configuration.queues[service], prefetch: 1)
  }

  private static func declare(
    _ service: Int, _ configuration: RabbitMQConfiguration, over connection: inout BrokerConnection
  ) async throws(ConnectionProblem) {
    try await connection.declare(configuration.deadLetters[service])
    try await connection.declare(configuration.queues[service], deadLetters: configuration.deadLetters[service])
  }

  /// Sends a message, and waits for the broker's confirmation.
  public mutating func publish(_ message: borrowing Message, to service: Int) async throws(AttemptFailure) {
    let deadline = monotonicNow() &+ Int64(BrokerConnection.patience) * 1_000_000_000
    do throws(ConnectionProblem) {
      if !sending.isOpen { try await openSending() }
      try await sending.waitWhileBlocked(until: deadline)
    } catch {
      note(error)
      throw .connectionLost
    }
    let fate: MessageFate
    do throws(ConnectionProblem) {
      let queue = configuration.queues[service]
      guard message.withBytes({ sending.post($0, to: queue) }) else { throw sending.lose(.closed) }
      fate = try await sending.confirmation(until: deadline)
    } catch {
      note(error)
      throw .ambiguous
    }
    if fate == .kept { return }
    // The queue is made again with the next connection.
    sending.drop()
    errorText = "RabbitMQ at \(configuration.address) did not take a message: \(fate)"
    throw fate == .unroutable ? .connectionLost : .ambiguous
  }

  /// The next message; one that was still in hand goes back to its queue.
  public mutating func receive(_ message: inout Message, until deadline: Int64) async throws(AttemptFailure) -> Bool {
    do throws(ConnectionProblem) {
      if let former = inHand.take() { try receiving.reject(former, requeue: true) }
      while let received = try await receiving.receive(until: deadline) {
        if received.body.withUnsafeBytes({ message.take($0) }) {
          message.deliveries = received.deliveries
          inHand = received
          return true
        }
        // Nobody who sends such messages is one of ours.
        try receiving.reject(received)
      }
      return false
    } catch {
      note(error)
      throw .connectionLost
    }
  }

  /// The broker forgets the message in hand.
  public mutating func acknowledge() async throws(AttemptFailure) {
    guard let message = inHand.take() else { return }
    do throws(ConnectionProblem) { try receiving.acknowledge(message) } catch {
      note(error)
      throw .connectionLost
    }
  }

  /// The broker itself moves the message in hand to the dead letters.
  public mutating func reject(_ message: borrowing Message) async throws(AttemptFailure) {
    guard let message = inHand.take() else { return }
    do throws(ConnectionProblem) { try receiving.reject(message) } catch {
      note(error)
      throw .connectionLost
    }
  }

  /// What the queues of a service hold. A broker counts what waits for a consumer; what this session has been given and
  /// not acknowledged is added.
  public mutating func count(at service: Int) async throws(AttemptFailure) -> MessageCounts {
    do throws(ConnectionProblem) {
      if role.service == service {
        // What was delivered before the first answer has come before the second.
        _ = try await receiving.state(of: configuration.queues[service])
        let state = try await receiving.state(of: configuration.queues[service])
        let dead = try await receiving.state(of: configuration.deadLetters[service])
        let mine = receiving.delivered.count + (inHand == nil ? 0 : 1)
        return MessageCounts(waiting: Int64((state?.messages ?? 0) + mine), dead: Int64(dead?.messages ?? 0))
      }
      if !sending.isOpen { try await openSending() }
      let state = try await sending.state(of: configuration.queues[service])
      let dead = try await sending.state(of: configuration.deadLetters[service])
      return MessageCounts(waiting: Int64(state?.messages ?? 0), dead: Int64(dead?.messages ?? 0))
    } catch {
      note(error)
      throw .connectionLost
    }
  }

  /// Ends both connections: the broker has then carried out all that was sent.
  public mutating func close() async {
    await receiving.close()
    await sending.close()
  }

  @discardableResult
  private mutating func note(_ problem: ConnectionProblem) -> SetupFailure {
    let failure = problem.failure(configuration.address)
    errorText = failure.message
    return failure
  }
}
#endif
