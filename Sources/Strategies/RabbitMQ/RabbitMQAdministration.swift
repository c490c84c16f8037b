#if RabbitMQ
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// The queues of a run around a trial: `<namespace>.service-<n>` and their dead letters. Nobody can ask a broker over
/// this protocol which queues it has, so their names are known beforehand.
///
/// There are no records in a broker, and it counts nothing that could be compared.
final class RabbitMQAdministration: StoreAdministration {
  private let configuration: RabbitMQConfiguration
  private var version = ""

  /// Connects, and finds out by a message whether the user may do what workers do.
  init(url: String, namespace: String) throws(SetupFailure) {
    let configuration = try RabbitMQConfiguration(url: url, namespace: namespace)
    self.configuration = configuration
    let probe = QueueName(namespace + ".probe")
    version = try connected { (connection) async throws(ConnectionProblem) in
      try await connection.declare(probe, deadLetters: configuration.deadLetters[0])
      do throws(ConnectionProblem) {
        try await Self.send(over: &connection, to: probe)
      } catch {
        // The queue is not to stay because another right is missing.
        if !connection.isOpen { try await connection.open() }
        try await connection.delete(probe)
        throw error
      }
      try await connection.delete(probe)
      return connection.brokerVersion
    }
  }

  private static func send(
    over connection: inout BrokerConnection, to queue: QueueName
  ) async throws(ConnectionProblem) {
    try await connection.confirmMessages()
    let deadline = monotonicNow() &+ Int64(BrokerConnection.patience) * 1_000_000_000
    guard connection.post(UnsafeRawBufferPointer(start: nil, count: 0), to: queue) else { throw .closed }
    _ = try await connection.confirmation(until: deadline)
    try await connection.consume(queue, prefetch: 1)
    if let message = try await connection.receive(until: deadline) { try connection.acknowledge(message) }
  }

  /// Runs something with a connection of its own: what the driver does is too rare to keep one.
  private func connected<Result: Sendable>(
    _ body: @escaping @Sendable (inout BrokerConnection) async throws(ConnectionProblem) -> Result
  ) throws(SetupFailure) -> Result {
    let address = configuration.address
    return try DriverLoop.run { worker throws(SetupFailure) in
      var connection = BrokerConnection(address, on: worker.loop)
      do throws(ConnectionProblem) {
        try await connection.open()
        let result = try await body(&connection)
        await connection.close()
        return result
      } catch {
        connection.drop()
        throw error.failure(address)
      }
    }
  }

  private var allQueues: [QueueName] { configuration.queues + configuration.deadLetters }

  /// Removes all queues with what is left in them; workers make those that they need.
  func prepare(values: [Int64]) throws(SetupFailure) { try remove() }

  /// Waits until nobody receives from the queues: the broker has noticed the end of every consumer.
  func settle(within limit: Duration) throws(SetupFailure) {
    let start = ContinuousClock.now
    while true {
      let left = try consumers()
      if left == 0 { return }
      guard ContinuousClock.now - start < limit else {
        throw SetupFailure(
          "\(left) consumers are still there in RabbitMQ at \(configuration.address) after \(limit)")
      }
      // Each look is a connection of its own.
      usleep(10_000)
    }
  }

  private func consumers() throws(SetupFailure) -> Int {
    let queues = configuration.queues
    return try connected { (connection) async throws(ConnectionProblem) in
      var count = 0
      for queue in queues {
        guard let state = try await connection.state(of: queue) else {
          try await connection.open()
          continue
        }
        count += state.consumers
      }
      return count
    }
  }

  /// A broker has no records.
  func values() throws(SetupFailure) -> [Int64] { [] }

  /// It counts nothing over this protocol.
  func counts() throws(SetupFailure) -> [String: Int64] { [:] }

  /// The version; its settings are not told over this protocol.
  func describe() throws(SetupFailure) -> ServerDescription { ServerDescription(version: version, settings: [:]) }

  /// There is none between calls.
  func endSession() {}

  /// Removes all queues.
  func remove() throws(SetupFailure) {
    let all = allQueues
    try connected { (connection) async throws(ConnectionProblem) in
      for queue in all { try await connection.delete(queue) }
    }
  }
}
#endif
