#if RabbitMQ
internal import CRabbitMQ

/// Receiving messages, each of which is acknowledged, rejected, or delivered again.
extension BrokerConnection {
  /// Begins to receive from a queue.
  ///
  /// - Parameter prefetch: how many messages may be delivered that were not acknowledged. Without a limit, a consumer
  ///   that stands still would hold them all.
  mutating func consume(_ queue: QueueName, prefetch: Int) async throws(ConnectionProblem) {
    var limit = amqp_basic_qos_t()
    limit.prefetch_count = UInt16(clamping: prefetch)
    try send(AMQP_BASIC_QOS_METHOD, limit)
    try await done(AMQP_BASIC_QOS_OK_METHOD, .read)
    var method = amqp_basic_consume_t()
    method.queue = queue.bytes
    try send(AMQP_BASIC_CONSUME_METHOD, method)
    try await done(AMQP_BASIC_CONSUME_OK_METHOD, .read)
  }

  /// The next message.
  ///
  /// - Parameter deadline: a moment of ``monotonicNow()``.
  /// - Returns: nil when none has come by then.
  mutating func receive(until deadline: Int64) async throws(ConnectionProblem) -> BrokerMessage? {
    while delivered.isEmpty {
      guard let arrival = try await arrival(until: deadline) else { return nil }
      if case .channelClosed(let code, let text) = arrival {
        throw lose(ConnectionProblem(channelClosedBy: code, text, during: .read))
      }
    }
    return delivered.removeFirst()
  }

  /// Says that a message was dealt with: the broker forgets it. When the connection is lost first, it is delivered
  /// again.
  mutating func acknowledge(_ message: BrokerMessage) throws(ConnectionProblem) {
    try send(AMQP_BASIC_ACK_METHOD, amqp_basic_ack_t(delivery_tag: message.tag, multiple: 0))
  }

  /// Says that a message cannot be dealt with: it goes to the dead letters of its queue, or back to the queue.
  mutating func reject(_ message: BrokerMessage, requeue: Bool = false) throws(ConnectionProblem) {
    try send(AMQP_BASIC_REJECT_METHOD, amqp_basic_reject_t(delivery_tag: message.tag, requeue: requeue ? 1 : 0))
  }
}
#endif
