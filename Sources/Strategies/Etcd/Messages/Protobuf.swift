#if Etcd
/// A message that can be sent: writes its fields in the wire format of Protocol Buffers, version 3.
///
/// Not SwiftProtobuf: with its messages a client of etcd takes 1.5 to 1.75 times the instructions per request.
protocol EncodableMessage {
  func write(to writer: inout ProtobufWriter)
}

/// A message that can be received.
protocol DecodableMessage {
  /// Without fields: as one of which everything is zero or empty arrives.
  init()
  /// Takes one field; ignores those it has no use for.
  mutating func take(_ field: Int, _ value: ProtobufValue) throws(DamagedMessage)
}

/// Bytes that are not a message.
struct DamagedMessage: Error {}

/// The value of a field as it arrives; what it means is known by the message.
enum ProtobufValue {
  case integer(UInt64)
  /// A text, bytes, or a message.
  case bytes(ArraySlice<UInt8>)
  /// Of a fixed width, which no message here uses.
  case fixed
}

/// Writes fields. What is zero or empty is left out, as is the rule of version 3.
struct ProtobufWriter {
  var bytes: [UInt8] = []

  mutating func integer(_ field: Int, _ value: Int64) {
    if value != 0 { presentInteger(field, value) }
  }

  /// Also when it is zero: for the members of a `oneof`, of which one is there or none.
  mutating func presentInteger(_ field: Int, _ value: Int64) {
    varint(UInt64(field) << 3)
    varint(UInt64(bitPattern: value))
  }

  mutating func flag(_ field: Int, _ value: Bool) { integer(field, value ? 1 : 0) }

  mutating func text(_ field: Int, _ value: String) {
    if value.isEmpty { return }
    varint(UInt64(field) << 3 | 2)
    varint(UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  mutating func message(_ field: Int, _ message: some EncodableMessage) {
    varint(UInt64(field) << 3 | 2)
    let start = bytes.count
    message.write(to: &self)
    let length = bytes.count - start
    // The length stands before what it counts: messages are short, so making room for it costs less than counting first.
    var prefix = ProtobufWriter()
    if length < 128 {
      bytes.insert(UInt8(length), at: start)
    } else {
      prefix.varint(UInt64(length))
      bytes.insert(contentsOf: prefix.bytes, at: start)
    }
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 128 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

extension DecodableMessage {
  /// Reads a whole message.
  init(_ bytes: ArraySlice<UInt8>) throws(DamagedMessage) {
    self.init()
    var reader = ProtobufReader(rest: bytes)
    while let (field, value) = try reader.next() { try take(field, value) }
  }
}

private struct ProtobufReader {
  var rest: ArraySlice<UInt8>

  mutating func next() throws(DamagedMessage) -> (Int, ProtobufValue)? {
    if rest.isEmpty { return nil }
    let tag = try varint()
    let field = Int(tag >> 3)
    switch tag & 7 {
    case 0: return (field, .integer(try varint()))
    case 1:
      _ = try take(8)
      return (field, .fixed)
    case 2: return (field, .bytes(try take(varint())))
    case 5:
      _ = try take(4)
      return (field, .fixed)
    default: throw DamagedMessage()
    }
  }

  private mutating func take(_ count: UInt64) throws(DamagedMessage) -> ArraySlice<UInt8> {
    guard count <= UInt64(rest.count) else { throw DamagedMessage() }
    let taken = rest.prefix(Int(count))
    rest = rest[taken.endIndex...]
    return taken
  }

  private mutating func varint() throws(DamagedMessage) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { throw DamagedMessage() }
      value |= UInt64(byte & 127) << shift
      if byte < 128 { return value }
    }
    throw DamagedMessage()
  }
}
#endif
