#if RabbitMQ
internal import CRabbitMQ
@preconcurrency internal import Glibc

/// The connection as the C library has it, freed with this object: the one place that holds its pointers.
///
/// It encodes and decodes; it never waits. What the library offers as a call that waits for an answer is not used: each
/// method is sent, and the answer comes out of ``next()`` like everything else.
final class BrokerHandle {
  private let state: amqp_connection_state_t

  /// Takes over a connected descriptor that does not block; closes it when there is no memory.
  init?(owning descriptor: Int32) {
    guard let state = amqp_new_connection() else {
      close(descriptor)
      return nil
    }
    guard let socket = amqp_tcp_socket_new(state) else {
      amqp_destroy_connection(state)
      close(descriptor)
      return nil
    }
    amqp_tcp_socket_set_sockfd(socket, descriptor)
    self.state = state
  }

  deinit { amqp_destroy_connection(state) }

  /// The descriptor, which is closed with this object.
  var descriptor: Int32 { amqp_get_sockfd(state) }

  // MARK: sending

  /// Sends the first bytes of a connection.
  func sendHeader() -> Bool { amqp_send_header(state) == 0 }

  /// Agrees on the size of frames; without heartbeats, which would end a connection that a fault has paused.
  func tune(channels: UInt16, frame: UInt32) -> Bool {
    amqp_tune_connection(state, Int32(channels), Int32(clamping: frame), 0) == 0
      && send(
        AMQP_CONNECTION_TUNE_OK_METHOD,
        amqp_connection_tune_ok_t(channel_max: channels, frame_max: frame, heartbeat: 0), 0)
  }

  /// Sends a method.
  ///
  /// - Parameter channel: 0 for the connection itself.
  /// - Returns: false when the connection is lost.
  func send<Arguments>(_ method: UInt32, _ arguments: Arguments, _ channel: UInt16) -> Bool {
    withUnsafePointer(to: arguments) {
      amqp_send_method(state, channel, method, UnsafeMutableRawPointer(mutating: $0)) == 0
    }
  }

  /// Sends a message through the default exchange, which puts it into the queue of this name and returns it when there
  /// is none. The library would wait for room in the socket's buffer: whoever publishes bounds what is on its way.
  ///
  /// - Parameter isPersistent: whether it outlives the broker.
  func publish(_ body: UnsafeRawBufferPointer, to queue: QueueName, isPersistent: Bool) -> Bool {
    var properties = amqp_basic_properties_t()
    properties._flags = UInt32(AMQP_BASIC_DELIVERY_MODE_FLAG)
    properties.delivery_mode = isPersistent ? 2 : 1
    let body = amqp_bytes_t(body)
    return amqp_basic_publish(state, Self.channel, amqp_bytes_t(), queue.bytes, 1, 0, &properties, body) == 0
  }

  /// The one channel of a session.
  static let channel: UInt16 = 1

  // MARK: what has come

  /// The next frame that has come, without waiting.
  func next() -> Arrival {
    // What earlier frames pointed to was copied.
    amqp_maybe_release_buffers(state)
    var frame = amqp_frame_t()
    var now = timeval()
    switch amqp_simple_wait_frame_noblock(state, &frame, &now) {
    case Int32(AMQP_STATUS_OK.rawValue): return Arrival(frame)
    case Int32(AMQP_STATUS_TIMEOUT.rawValue): return .nothing
    case Int32(AMQP_STATUS_NO_MEMORY.rawValue): return .lost(.noMemory)
    case Int32(AMQP_STATUS_BAD_AMQP_DATA.rawValue), Int32(AMQP_STATUS_UNKNOWN_CLASS.rawValue),
      Int32(AMQP_STATUS_UNKNOWN_METHOD.rawValue), Int32(AMQP_STATUS_INCOMPATIBLE_AMQP_VERSION.rawValue):
      return .lost(.notRabbitMQ)
    default: return .lost(.closed)
    }
  }
}

/// The name of a queue as the library takes it; lives as long as this object.
final class QueueName: Sendable {
  let text: String
  private nonisolated(unsafe) let storage: UnsafeMutableRawBufferPointer  // because it is never written again

  init(_ text: String) {
    self.text = text
    storage = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
    storage.copyBytes(from: text.utf8)
  }

  deinit { storage.deallocate() }

  var bytes: amqp_bytes_t { amqp_bytes_t(UnsafeRawBufferPointer(storage)) }
}

extension amqp_bytes_t {
  /// The library takes all bytes as mutable, and changes none.
  init(_ buffer: UnsafeRawBufferPointer) {
    self.init(len: buffer.count, bytes: UnsafeMutableRawPointer(mutating: buffer.baseAddress))
  }

  /// A copy.
  var array: [UInt8] { Array(UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : len)) }
  /// A copy as text.
  var text: String { String(decoding: array, as: UTF8.self) }
}
#endif
