#if Etcd
internal import CNghttp2
internal import NetworkTransport
internal import Model
internal import Runtime

/// One gRPC call at a time over HTTP/2: turns calls into bytes to send, and bytes that have arrived into answers. Whoever
/// has the socket moves the bytes.
///
/// Frames and headers are left to libnghttp2, which works on memory and owns neither socket nor thread. The gRPC library
/// for Swift would bring threads of its own, to which each request had to be handed over, and back to the event loop of
/// its worker: the cost of that would be measured with every strategy. It also takes minutes to build.
final class GRPCSession {
  /// What is to be sent; who has sent it calls ``hasSent(_:)``. Filled by ``flush()``.
  private(set) var output: [UInt8] = []
  /// The call has ended: the server has said the last word, or the stream was reset.
  private(set) var isEnded = false
  /// The status of gRPC with which the call has ended.
  private(set) var code: Int64?
  private(set) var message = ""
  /// The server has said that it did not look at the call: it was shutting down.
  private(set) var wasRefusedUnseen = false

  private var session: OpaquePointer?
  /// The stream of the call; 0 when it is closed in both directions.
  private var stream: Int32 = 0
  /// Messages with their prefixes that have not become frames, and where they begin.
  private var outgoing = ProtobufWriter()
  private var outgoingStart = 0
  private var hasSentAll = false
  private var incoming: [UInt8] = []
  private var incomingStart = 0
  private let fields: RequestFields

  /// How much the server may send ahead, of a stream and in all.
  private static let window: Int32 = 1 << 20

  init(to endpoint: Endpoint) {
    fields = RequestFields(authority: endpoint.authority, isSecure: endpoint.isSecure)
    var callbacks: OpaquePointer?
    nghttp2_session_callbacks_new(&callbacks)
    defer { nghttp2_session_callbacks_del(callbacks) }
    Self.setCallbacks(callbacks)
    nghttp2_session_client_new(&session, callbacks, Unmanaged.passUnretained(self).toOpaque())
    var settings = [
      nghttp2_settings_entry(settings_id: Int32(NGHTTP2_SETTINGS_ENABLE_PUSH.rawValue), value: 0),
      nghttp2_settings_entry(
        settings_id: Int32(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE.rawValue), value: UInt32(Self.window)),
    ]
    nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), &settings, settings.count)
    nghttp2_session_set_local_window_size(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, Self.window)
  }

  deinit { nghttp2_session_del(session) }

  /// Whether there can be further calls: the server has not announced its end, and nothing has gone wrong.
  var takesCalls: Bool { nghttp2_session_check_request_allowed(session) != 0 }

  /// Whether there is anything to come.
  var isAlive: Bool { nghttp2_session_want_read(session) != 0 }

  // MARK: a call

  /// Begins a call; what is left of the one before is cancelled. Returns false when the session takes none.
  ///
  /// - Parameter method: its path.
  func begin(_ method: StaticString) -> Bool {
    cancel()
    guard takesCalls else { return false }
    outgoing.bytes.removeAll(keepingCapacity: true)
    incoming.removeAll(keepingCapacity: true)
    (outgoingStart, incomingStart) = (0, 0)
    (hasSentAll, isEnded, wasRefusedUnseen) = (false, false, false)
    (code, message) = (nil, "")
    var source = nghttp2_data_provider()
    source.read_callback = { _, stream, buffer, capacity, flags, _, context in
      guard let buffer, let flags, let context else { return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue) }
      let own = Unmanaged<GRPCSession>.fromOpaque(context).takeUnretainedValue()
      guard stream == own.stream else { return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) }
      return own.provide(UnsafeMutableRawBufferPointer(start: buffer, count: capacity), &flags.pointee)
    }
    fields.set(method)
    stream = max(0, nghttp2_submit_request(session, nil, fields.pointer, fields.count, &source, nil))
    return stream > 0
  }

  /// Adds a message to the call.
  ///
  /// - Parameter isLast: whether no further one follows.
  func send(_ message: some EncodableMessage, isLast: Bool) {
    let start = outgoing.bytes.count
    // Not compressed; then the length.
    outgoing.bytes.append(contentsOf: [0, 0, 0, 0, 0])
    message.write(to: &outgoing)
    let length = outgoing.bytes.count - start - 5
    for index in 0..<4 {
      outgoing.bytes[start + 1 + index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * index))
    }
    hasSentAll = isLast
    // Fails when the stream does not wait for more, which is as well.
    nghttp2_session_resume_data(session, stream)
  }

  /// The next message of the server; nil when none is complete. Valid as long as somebody keeps it.
  func takeMessage() -> ArraySlice<UInt8>? {
    let rest = incoming[incomingStart...]
    guard rest.count >= 5 else { return nil }
    let length = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
    guard rest.count - 5 >= length else { return nil }
    incomingStart += 5 + length
    return rest.dropFirst(5).prefix(length)
  }

  /// Tells the server that nobody waits for the rest of the call.
  func cancel() {
    if stream == 0 { return }
    nghttp2_submit_rst_stream(
      session, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream, UInt32(NGHTTP2_CANCEL.rawValue))
    stream = 0
  }

  // MARK: bytes

  /// Adds what is to be sent to ``output``.
  func flush() {
    var bytes: UnsafePointer<UInt8>?
    while true {
      let count = nghttp2_session_mem_send(session, &bytes)
      guard count > 0, let bytes else { return }
      output.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
    }
  }

  /// Removes what has been sent from ``output``.
  func hasSent(_ count: Int) {
    if count == output.count { output.removeAll(keepingCapacity: true) } else { output.removeFirst(count) }
  }

  /// Takes bytes that have arrived. Returns false when the connection is of no use any more.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    nghttp2_session_mem_recv(session, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
      == bytes.count
  }

  // MARK: what the library asks and tells

  private static func setCallbacks(_ callbacks: OpaquePointer?) {
    nghttp2_session_callbacks_set_on_header_callback(callbacks) { _, frame, name, nameCount, value, count, _, context in
      guard let frame, let context else { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
      Unmanaged<GRPCSession>.fromOpaque(context).takeUnretainedValue().takeField(
        of: frame.pointee.hd.stream_id, UnsafeBufferPointer(start: name, count: nameCount),
        UnsafeBufferPointer(start: value, count: count))
      return 0
    }
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) { _, _, stream, bytes, count, context in
      guard let context else { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
      let own = Unmanaged<GRPCSession>.fromOpaque(context).takeUnretainedValue()
      if stream == own.stream { own.takeData(UnsafeBufferPointer(start: bytes, count: count)) }
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, context in
      guard let frame, let context else { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
      let own = Unmanaged<GRPCSession>.fromOpaque(context).takeUnretainedValue()
      let head = frame.pointee.hd
      // The same bit means something else in frames of other kinds.
      let isLast = UInt32(head.flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0
      let canEnd = head.type == NGHTTP2_DATA.rawValue || head.type == NGHTTP2_HEADERS.rawValue
      if head.stream_id == own.stream && isLast && canEnd { own.isEnded = true }
      return 0
    }
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, stream, reason, context in
      guard let context else { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
      let own = Unmanaged<GRPCSession>.fromOpaque(context).takeUnretainedValue()
      if stream == own.stream { own.close(reason) }
      return 0
    }
  }

  /// Fills a frame.
  private func provide(_ buffer: UnsafeMutableRawBufferPointer, _ flags: inout UInt32) -> Int {
    let count = min(buffer.count, outgoing.bytes.count - outgoingStart)
    outgoing.bytes.withUnsafeBytes {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[outgoingStart..<(outgoingStart + count)]))
    }
    outgoingStart += count
    if outgoingStart == outgoing.bytes.count {
      outgoing.bytes.removeAll(keepingCapacity: true)
      outgoingStart = 0
      if hasSentAll { flags |= NGHTTP2_DATA_FLAG_EOF.rawValue }
    }
    return count == 0 && !hasSentAll ? Int(NGHTTP2_ERR_DEFERRED.rawValue) : count
  }

  private func takeData(_ bytes: UnsafeBufferPointer<UInt8>) {
    // A call may stay open as long as its connection.
    if incomingStart == incoming.count {
      incoming.removeAll(keepingCapacity: true)
      incomingStart = 0
    }
    incoming.append(contentsOf: bytes)
  }

  /// Takes a field of the head or of the trailer.
  private func takeField(of stream: Int32, _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
    guard stream == self.stream else { return }
    if Self.spells(name, "grpc-status") {
      code = Int64(decimal: UnsafeRawBufferPointer(value)) ?? -1
    } else if Self.spells(name, "grpc-message") {
      // Percent-encoded where it is not printable ASCII.
      let text = String(decoding: value, as: UTF8.self)
      message = text.percentDecoded ?? text
    } else if Self.spells(name, ":status"), !Self.spells(value, "200") {
      message = "status \(String(decoding: value, as: UTF8.self)) of HTTP, without one of gRPC"
    }
  }

  /// Lengths first: nearly all names differ there.
  private static func spells(_ bytes: UnsafeBufferPointer<UInt8>, _ text: StaticString) -> Bool {
    bytes.count == text.utf8CodeUnitCount
      && bytes.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: bytes.count))
  }

  private func close(_ reason: UInt32) {
    stream = 0
    if !isEnded {
      isEnded = true
      wasRefusedUnseen = reason == NGHTTP2_REFUSED_STREAM.rawValue
      // UNAVAILABLE: of a call that was broken off nothing is known.
      code = 14
      message = "the server broke the call off, for reason \(reason) of HTTP/2"
    }
  }
}
#endif
