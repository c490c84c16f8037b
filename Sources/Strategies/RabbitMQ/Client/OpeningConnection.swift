#if RabbitMQ
internal import CRabbitMQ
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// Opening and closing. The library's own login would block the thread as long as the broker is silent.
extension BrokerConnection {
  /// Opens the connection and its channel, or opens them anew. Takes ``patience`` at most.
  mutating func open() async throws(ConnectionProblem) {
    drop()
    let deadline = monotonicNow() &+ Int64(Self.patience) * 1_000_000_000
    do throws(ConnectionProblem) {
      let descriptor: Int32
      do throws(ConnectFailure) {
        descriptor = try await loop.connect(to: address.sockets, until: deadline)
      } catch {
        throw ConnectionProblem(error, seconds: Self.patience)
      }
      try adopt(descriptor)
      try await enter(until: deadline)
    } catch {
      throw lose(error)
    }
  }

  private mutating func enter(until deadline: Int64) async throws(ConnectionProblem) {
    guard let handle, handle.sendHeader() else { throw .closed }
    let greeting = try await answer(to: .configure, until: deadline) { if case .started = $0 { true } else { false } }
    if case .started(let version) = greeting { brokerVersion = version }
    try login()
    let limits: Arrival
    do throws(ConnectionProblem) {
      limits = try await answer(to: .configure, until: deadline) { if case .tune = $0 { true } else { false } }
    } catch {
      throw Self.refusal(error)
    }
    guard case .tune(let channels, let frame) = limits, handle.tune(channels: channels, frame: frame) else {
      throw .closed
    }
    try openVirtualHost()
    do throws(ConnectionProblem) {
      try await done(AMQP_CONNECTION_OPEN_OK_METHOD, .configure, until: deadline)
    } catch {
      throw Self.refusal(error)
    }
    try send(AMQP_CHANNEL_OPEN_METHOD, amqp_channel_open_t())
    try await done(AMQP_CHANNEL_OPEN_OK_METHOD, .configure, until: deadline)
  }

  /// What the end of a connection means that is being opened.
  private static func refusal(_ problem: ConnectionProblem) -> ConnectionProblem {
    if case .ended(let code, let text) = problem { ConnectionProblem(connectionClosedBy: code, text) } else { problem }
  }

  /// User and password in the clear; and what we want to be told, which the broker would else keep to itself.
  private mutating func login() throws(ConnectionProblem) {
    let texts = CallTexts()
    let wishes = ["authentication_failure_close", "connection.blocked", "consumer_cancel_notify", "basic.nack"]
    var capabilities = wishes.map { name in
      var value = amqp_field_value_t()
      value.kind = UInt8(AMQP_FIELD_KIND_BOOLEAN.rawValue)
      value.value.boolean = 1
      return amqp_table_entry_t(key: texts.bytes(name), value: value)
    }
    try withExtendedLifetime(texts) { () throws(ConnectionProblem) in
      try capabilities.withUnsafeMutableBufferPointer { entries throws(ConnectionProblem) in
        var value = amqp_field_value_t()
        value.kind = UInt8(AMQP_FIELD_KIND_TABLE.rawValue)
        value.value.table = amqp_table_t(num_entries: Int32(entries.count), entries: entries.baseAddress)
        var property = amqp_table_entry_t(key: texts.bytes("capabilities"), value: value)
        try withUnsafeMutablePointer(to: &property) { property throws(ConnectionProblem) in
          try send(
            AMQP_CONNECTION_START_OK_METHOD,
            amqp_connection_start_ok_t(
              client_properties: amqp_table_t(num_entries: 1, entries: property), mechanism: texts.bytes("PLAIN"),
              response: texts.bytes("\0\(address.user)\0\(address.password)"), locale: texts.bytes("en_US")), 0)
        }
      }
    }
  }

  private mutating func openVirtualHost() throws(ConnectionProblem) {
    let texts = CallTexts()
    try withExtendedLifetime(texts) { () throws(ConnectionProblem) in
      try send(
        AMQP_CONNECTION_OPEN_METHOD,
        amqp_connection_open_t(
          virtual_host: texts.bytes(address.virtualHost), capabilities: amqp_bytes_t(), insist: 0), 0)
    }
  }

  /// Ends the connection in good order: the broker has then carried out all that was sent.
  mutating func close() async {
    guard isOpen else { return }
    let texts = CallTexts()
    do throws(ConnectionProblem) {
      try withExtendedLifetime(texts) { () throws(ConnectionProblem) in
        try send(
          AMQP_CONNECTION_CLOSE_METHOD,
          amqp_connection_close_t(
            reply_code: UInt16(AMQP_REPLY_SUCCESS), reply_text: texts.bytes("done"), class_id: 0, method_id: 0), 0)
      }
      try await done(AMQP_CONNECTION_CLOSE_OK_METHOD, .configure)
    } catch {
      // Whoever is not answered closes all the same.
    }
    drop()
  }
}

/// Texts that live as long as a call that takes them.
final class CallTexts {
  private var buffers: [UnsafeMutableRawBufferPointer] = []

  deinit { for buffer in buffers { buffer.deallocate() } }

  func bytes(_ text: String) -> amqp_bytes_t {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
    buffer.copyBytes(from: text.utf8)
    buffers.append(buffer)
    return amqp_bytes_t(UnsafeRawBufferPointer(buffer))
  }
}
#endif
