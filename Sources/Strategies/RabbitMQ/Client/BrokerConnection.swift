#if RabbitMQ
internal import CRabbitMQ
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// One session with a broker: a connection and its one channel. Whatever comes is taken in by ``arrival(until:)``,
/// which everything else is made of.
///
/// A session either sends messages or receives them: a broker that is short of memory stops reading from those who
/// send, and would not hear of what they have received.
struct BrokerConnection: ~Copyable {
  let address: BrokerAddress
  let loop: EventLoop
  /// Nil while there is no connection.
  private(set) var handle: BrokerHandle?
  private var readiness: Readiness?
  /// Why the last connection was lost.
  private(set) var problem = ConnectionProblem.closed
  /// Whether the broker takes no messages for the moment.
  private(set) var isBlocked = false
  /// As the broker states it.
  var brokerVersion = ""
  /// The message that was sent last.
  var confirm = Confirmation()
  /// Messages that were delivered and not asked for yet.
  var delivered: [BrokerMessage] = []
  private var assembly: MessageAssembly?

  /// How long the broker may be silent while it is asked for something, in seconds.
  static var patience: Int { 5 }

  /// A connection that is not open yet.
  init(_ address: BrokerAddress, on loop: EventLoop) {
    self.address = address
    self.loop = loop
  }

  deinit { readiness?.deregister() }

  var isOpen: Bool { handle != nil }

  /// Takes over a connected descriptor.
  mutating func adopt(_ descriptor: Int32) throws(ConnectionProblem) {
    guard let handle = BrokerHandle(owning: descriptor) else { throw .noMemory }
    self.handle = handle
    readiness = loop.register(descriptor)
    confirm = Confirmation()
  }

  /// Closes the connection if there is one. What was delivered and not acknowledged goes back to its queue; what became
  /// of messages that were sent and not confirmed is not known.
  mutating func drop(_ problem: ConnectionProblem = .closed) {
    readiness?.deregister()
    readiness = nil
    handle = nil
    self.problem = problem
    isBlocked = false
    assembly = nil
    delivered = []
  }

  /// Sends a method.
  mutating func send<Arguments>(
    _ method: UInt32, _ arguments: Arguments, _ channel: UInt16 = BrokerHandle.channel
  ) throws(ConnectionProblem) {
    guard let handle, handle.send(method, arguments, channel) else { throw lose(.closed) }
  }

  /// Waits for the next thing to come, and takes it in: messages, confirmations, and whether the broker is blocked.
  ///
  /// - Parameter deadline: a moment of ``monotonicNow()``; nil waits for ever.
  /// - Returns: what has come; nil when the moment has passed.
  mutating func arrival(until deadline: Int64?) async throws(ConnectionProblem) -> Arrival? {
    while true {
      guard let handle, let readiness else { throw problem }
      let next = handle.next()
      guard case .nothing = next else {
        try take(in: next)
        return next
      }
      if let deadline {
        guard await loop.wait(for: readiness, until: deadline) else { return nil }
      } else {
        await readiness.readable()
      }
    }
  }

  private mutating func take(in arrival: Arrival) throws(ConnectionProblem) {
    switch arrival {
    case .lost(let problem): throw lose(problem)
    case .blocked(let isBlocked): self.isBlocked = isBlocked
    case .confirmed(let tag, let andEarlier, let isKept): confirm.take(tag, andEarlier: andEarlier, isKept: isKept)
    case .delivery(let tag, let isRedelivered): assembly = MessageAssembly(tag: tag, isRedelivered: isRedelivered)
    case .returned: assembly = MessageAssembly(tag: nil, isRedelivered: false)
    case .header(let size, let deliveries):
      assembly?.begin(size: size, deliveries: deliveries)
      finishMessage()
    case .body(let bytes):
      assembly?.append(bytes)
      finishMessage()
    case .cancelled: throw lose(.refused(code: 404, text: "the queue was removed while it was read from"))
    case .connectionClosed(let code, let text):
      _ = handle?.send(AMQP_CONNECTION_CLOSE_OK_METHOD, amqp_connection_close_ok_t(), 0)
      throw lose(.ended(code: code, text: text))
    default: break
    }
  }

  private mutating func finishMessage() {
    guard let message = assembly, message.isComplete else { return }
    assembly = nil
    if let tag = message.tag {
      let deliveries = max(message.deliveries + 1, message.isRedelivered ? 2 : 1)
      delivered.append(BrokerMessage(tag: tag, deliveries: deliveries, body: message.body))
    } else {
      confirm.isReturned = true
    }
  }

  /// Waits for the answer to a request.
  ///
  /// - Parameters:
  ///   - request: what it was, for the case that the broker refuses it.
  ///   - isAnswer: whether this is it.
  mutating func answer(
    to request: ConnectionProblem.Request, until deadline: Int64? = nil, _ isAnswer: (Arrival) -> Bool
  ) async throws(ConnectionProblem) -> Arrival {
    let deadline = deadline ?? monotonicNow() &+ Int64(Self.patience) * 1_000_000_000
    while let arrival = try await arrival(until: deadline) {
      if isAnswer(arrival) { return arrival }
      if case .channelClosed(let code, let text) = arrival {
        throw lose(ConnectionProblem(channelClosedBy: code, text, during: request))
      }
    }
    throw lose(.silent(seconds: Self.patience))
  }

  /// The same where the answer says nothing but that it was done.
  mutating func done(
    _ method: UInt32, _ request: ConnectionProblem.Request, until deadline: Int64? = nil
  ) async throws(ConnectionProblem) {
    _ = try await answer(to: request, until: deadline) { if case .answered(method) = $0 { true } else { false } }
  }

  mutating func lose(_ problem: ConnectionProblem) -> ConnectionProblem {
    drop(problem)
    return problem
  }
}

/// A message as it was delivered.
struct BrokerMessage: Sendable {
  /// By which it is acknowledged, over the connection that has delivered it.
  let tag: UInt64
  /// How often it was delivered, this time included; of a queue that does not count, 2 for every further time.
  let deliveries: Int64
  let body: [UInt8]
}

/// A message whose frames come one by one.
private struct MessageAssembly {
  /// Nil for one that comes back.
  let tag: UInt64?
  let isRedelivered: Bool
  private(set) var deliveries: Int64 = 0
  private(set) var body: [UInt8] = []
  private var size: Int?

  init(tag: UInt64?, isRedelivered: Bool) {
    self.tag = tag
    self.isRedelivered = isRedelivered
  }

  var isComplete: Bool { size.map { body.count >= $0 } ?? false }

  mutating func begin(size: Int, deliveries: Int64) {
    self.size = size
    self.deliveries = deliveries
  }

  mutating func append(_ bytes: [UInt8]) { body += bytes }
}
#endif
