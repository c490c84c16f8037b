#if RabbitMQ
internal import CRabbitMQ

/// Queues: made, counted, emptied, removed.
extension BrokerConnection {
  /// What a queue holds at the moment.
  struct QueueState: Sendable, Equatable {
    /// Messages that wait for a consumer; those that were delivered and not acknowledged are not among them.
    let messages: Int
    /// Sessions that receive from it.
    let consumers: Int
  }

  /// Makes a queue that outlives the broker, unless it is there.
  ///
  /// - Parameter deadLetters: the queue that takes what is rejected.
  mutating func declare(
    _ queue: QueueName, deadLetters: QueueName? = nil
  ) async throws(ConnectionProblem) {
    let texts = CallTexts()
    var arguments: [amqp_table_entry_t] = []
    if let deadLetters {
      arguments = [("x-dead-letter-exchange", amqp_bytes_t()), ("x-dead-letter-routing-key", deadLetters.bytes)].map {
        var value = amqp_field_value_t()
        value.kind = UInt8(AMQP_FIELD_KIND_UTF8.rawValue)
        value.value.bytes = $0.1
        return amqp_table_entry_t(key: texts.bytes($0.0), value: value)
      }
    }
    try withExtendedLifetime((texts, deadLetters)) { () throws(ConnectionProblem) in
      try arguments.withUnsafeMutableBufferPointer { entries throws(ConnectionProblem) in
        var method = amqp_queue_declare_t()
        method.queue = queue.bytes
        method.durable = 1
        method.arguments = amqp_table_t(num_entries: Int32(entries.count), entries: entries.baseAddress)
        try send(AMQP_QUEUE_DECLARE_METHOD, method)
      }
    }
    _ = try await answer(to: .configure) { if case .queue = $0 { true } else { false } }
  }

  /// What a queue holds.
  ///
  /// - Returns: nil when there is no such queue; the connection must be opened anew then.
  mutating func state(of queue: QueueName) async throws(ConnectionProblem) -> QueueState? {
    var method = amqp_queue_declare_t()
    method.queue = queue.bytes
    method.passive = 1
    try send(AMQP_QUEUE_DECLARE_METHOD, method)
    do throws(ConnectionProblem) {
      let answer = try await answer(to: .configure) { if case .queue = $0 { true } else { false } }
      guard case .queue(let messages, let consumers) = answer else { return nil }
      return QueueState(messages: messages, consumers: consumers)
    } catch {
      if case .refused(404, _) = error { return nil }
      throw error
    }
  }

  /// Removes a queue with all that it holds, if it is there.
  mutating func delete(_ queue: QueueName) async throws(ConnectionProblem) {
    var method = amqp_queue_delete_t()
    method.queue = queue.bytes
    try send(AMQP_QUEUE_DELETE_METHOD, method)
    try await done(AMQP_QUEUE_DELETE_OK_METHOD, .configure)
  }
}
#endif
