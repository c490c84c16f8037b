#if RabbitMQ
internal import CRabbitMQ

/// What a frame from the broker says, copied out of the library's memory.
enum Arrival {
  /// Nothing has come.
  case nothing
  /// The connection is of no more use.
  case lost(ConnectionProblem)
  /// The answer to a request that tells nothing but that it was done, and everything else that we do not ask for.
  case answered(UInt32)
  /// The broker's first word, with its version.
  case started(version: String)
  /// The broker's limits.
  case tune(channels: UInt16, frame: UInt32)
  /// A queue is there, with so many messages ready in it and so many consumers.
  case queue(messages: Int, consumers: Int)
  /// Messages were taken into safe keeping, or not: this one, and if so all before it.
  case confirmed(tag: UInt64, andEarlier: Bool, isKept: Bool)
  /// A message follows, that was delivered.
  case delivery(tag: UInt64, isRedelivered: Bool)
  /// A message follows that no queue has taken.
  case returned
  /// How many bytes of the message follow; how often it was delivered before, where its queue counts.
  case header(size: Int, deliveries: Int64)
  /// Some or all of its bytes.
  case body([UInt8])
  /// The broker takes no messages for the moment, or does again.
  case blocked(Bool)
  /// The broker has ended our consumer: its queue is gone.
  case cancelled
  /// The broker has closed the channel.
  case channelClosed(code: Int, text: String)
  /// The broker closes the connection.
  case connectionClosed(code: Int, text: String)

  /// Copies a frame.
  init(_ frame: amqp_frame_t) {
    switch Int32(frame.frame_type) {
    case AMQP_FRAME_METHOD: self = Arrival(method: frame.payload.method)
    case AMQP_FRAME_HEADER:
      let properties = frame.payload.properties.decoded?.assumingMemoryBound(to: amqp_basic_properties_t.self).pointee
      let hasHeaders = (properties?._flags ?? 0) & UInt32(AMQP_BASIC_HEADERS_FLAG) != 0
      self = .header(
        size: Int(clamping: frame.payload.properties.body_size),
        deliveries: hasHeaders ? properties?.headers.value("x-delivery-count")?.i64 ?? 0 : 0)
    case AMQP_FRAME_BODY: self = .body(frame.payload.body_fragment.array)
    // A broker of another version answers with a header of its own.
    case Int32(UInt8(ascii: "A")): self = .lost(.notRabbitMQ)
    default: self = .answered(0)
    }
  }

  private init(method: amqp_method_t) {
    func read<Fields>(_: Fields.Type) -> Fields? { method.decoded?.assumingMemoryBound(to: Fields.self).pointee }
    self = .answered(method.id)
    switch method.id {
    case AMQP_CONNECTION_START_METHOD:
      if let its = read(amqp_connection_start_t.self) {
        self = .started(version: its.server_properties.value("version")?.bytes.text ?? "")
      }
    case AMQP_CONNECTION_TUNE_METHOD:
      if let its = read(amqp_connection_tune_t.self) { self = .tune(channels: its.channel_max, frame: its.frame_max) }
    case AMQP_QUEUE_DECLARE_OK_METHOD:
      if let its = read(amqp_queue_declare_ok_t.self) {
        self = .queue(messages: Int(its.message_count), consumers: Int(its.consumer_count))
      }
    case AMQP_BASIC_ACK_METHOD:
      if let its = read(amqp_basic_ack_t.self) {
        self = .confirmed(tag: its.delivery_tag, andEarlier: its.multiple != 0, isKept: true)
      }
    case AMQP_BASIC_NACK_METHOD:
      if let its = read(amqp_basic_nack_t.self) {
        self = .confirmed(tag: its.delivery_tag, andEarlier: its.multiple != 0, isKept: false)
      }
    case AMQP_BASIC_DELIVER_METHOD:
      if let its = read(amqp_basic_deliver_t.self) {
        self = .delivery(tag: its.delivery_tag, isRedelivered: its.redelivered != 0)
      }
    case AMQP_BASIC_RETURN_METHOD: self = .returned
    case AMQP_BASIC_CANCEL_METHOD: self = .cancelled
    case AMQP_CONNECTION_BLOCKED_METHOD: self = .blocked(true)
    case AMQP_CONNECTION_UNBLOCKED_METHOD: self = .blocked(false)
    case AMQP_CHANNEL_CLOSE_METHOD:
      if let its = read(amqp_channel_close_t.self) {
        self = .channelClosed(code: Int(its.reply_code), text: its.reply_text.text)
      }
    case AMQP_CONNECTION_CLOSE_METHOD:
      if let its = read(amqp_connection_close_t.self) {
        self = .connectionClosed(code: Int(its.reply_code), text: its.reply_text.text)
      }
    default: break
    }
  }
}

extension amqp_table_t {
  /// The value under a name.
  fileprivate func value(_ name: String) -> amqp_field_value_t.__Unnamed_union_value? {
    UnsafeBufferPointer(start: entries, count: Int(num_entries)).first { $0.key.text == name }?.value.value
  }
}
#endif
