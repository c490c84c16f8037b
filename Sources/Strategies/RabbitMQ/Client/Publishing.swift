#if RabbitMQ
internal import CRabbitMQ
internal import Runtime

/// What became of a message that was sent.
enum MessageFate: Sendable, Equatable {
  /// The broker answers for it: as long as it lives, and for a persistent one in a queue that outlives it, on disk.
  case kept
  /// There is no queue of that name: it came back.
  case unroutable
  /// The broker could not take it.
  case refused
}

/// What is known of the message that was sent last. The broker numbers messages from 1 as they come. One that no queue
/// takes comes back, and is confirmed after that like any other.
struct Confirmation {
  private var sent: UInt64 = 0
  var isReturned = false
  private(set) var fate: MessageFate?

  /// Another one was sent.
  mutating func begin() {
    sent += 1
    isReturned = false
    fate = nil
  }

  /// The broker has confirmed a message, or has said that it could not take it.
  mutating func take(_ tag: UInt64, andEarlier: Bool, isKept: Bool) {
    guard tag == sent || (andEarlier && tag > sent) else { return }
    fate = isReturned ? .unroutable : isKept ? .kept : .refused
  }
}

/// Sending messages one by one, each of which the broker confirms. The library waits for room in the buffer of the
/// socket; one message that is on its way never fills it.
extension BrokerConnection {
  /// Makes the broker confirm what is sent from now on.
  mutating func confirmMessages() async throws(ConnectionProblem) {
    try send(AMQP_CONFIRM_SELECT_METHOD, amqp_confirm_select_t())
    try await done(AMQP_CONFIRM_SELECT_OK_METHOD, .write)
  }

  /// Waits while the broker takes no messages.
  ///
  /// - Parameter deadline: a moment of ``monotonicNow()`` after which it is given up.
  mutating func waitWhileBlocked(until deadline: Int64) async throws(ConnectionProblem) {
    while isBlocked {
      guard try await arrival(until: deadline) != nil else { throw lose(.full(seconds: Self.patience)) }
    }
  }

  /// Sends a message; ``confirmation(until:)`` tells what became of it. False when the connection is lost.
  ///
  /// - Parameter isPersistent: whether the broker keeps it on disk. It confirms others as well, and forgets them when
  ///   it ends.
  mutating func post(_ body: UnsafeRawBufferPointer, to queue: QueueName, isPersistent: Bool = true) -> Bool {
    confirm.begin()
    return handle?.publish(body, to: queue, isPersistent: isPersistent) ?? false
  }

  /// Waits until the broker has said what became of the message that was sent last.
  mutating func confirmation(until deadline: Int64) async throws(ConnectionProblem) -> MessageFate {
    while true {
      if let fate = confirm.fate { return fate }
      guard let arrival = try await arrival(until: deadline) else { throw lose(.silent(seconds: Self.patience)) }
      if case .channelClosed(let code, let text) = arrival {
        throw lose(ConnectionProblem(channelClosedBy: code, text, during: .write))
      }
    }
  }
}
#endif
