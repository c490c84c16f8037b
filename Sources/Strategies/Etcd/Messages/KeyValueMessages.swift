#if Etcd
internal import Runtime

/// A request, and what a call with it is answered with.
protocol Request: EncodableMessage {
  associatedtype Response: DecodableMessage
  /// The path of the call: service and method.
  static var method: StaticString { get }
}

/// One key, or all that begin with a prefix.
struct KeyRange {
  let first: String
  /// The first key behind them; empty for one key.
  let end: String

  static func one(_ key: String) -> KeyRange { KeyRange(first: key, end: "") }

  /// - Parameter prefix: its last byte is ASCII.
  static func prefix(_ prefix: String) -> KeyRange {
    var end = Array(prefix.utf8)
    if let last = end.popLast() { end.append(last + 1) }
    return KeyRange(first: prefix, end: String(decoding: end, as: UTF8.self))
  }
}

// MARK: requests

/// Reads keys.
struct RangeRequest: Request {
  typealias Response = RangeResponse
  static var method: StaticString { "/etcdserverpb.KV/Range" }
  var keys: KeyRange
  /// The moment to read at; 0 for the newest.
  var revision: Int64 = 0
  /// Only the one key that was created first or last.
  var extreme: Extreme?
  /// Only keys that were created up to this revision; 0 for all.
  var createdUpTo: Int64 = 0
  /// Answered by the member at hand without asking the others.
  var isSerializable = false
  var countsOnly = false

  enum Extreme: Int64 {
    case oldest = 1
    case youngest = 2
  }

  func write(to writer: inout ProtobufWriter) {
    writer.text(1, keys.first)
    writer.text(2, keys.end)
    writer.integer(4, revision)
    if let extreme {
      writer.integer(3, 1)
      writer.integer(5, extreme.rawValue)
      // Sorted by CREATE.
      writer.integer(6, 2)
    }
    writer.flag(7, isSerializable)
    writer.flag(9, countsOnly)
    writer.integer(13, createdUpTo)
  }
}

/// Writes a key.
struct PutRequest: Request {
  typealias Response = EmptyResponse
  static var method: StaticString { "/etcdserverpb.KV/Put" }
  var key: String
  var value: String
  /// The key vanishes with it; 0 for none.
  var lease: Int64 = 0

  func write(to writer: inout ProtobufWriter) {
    writer.text(1, key)
    writer.text(2, value)
    writer.integer(3, lease)
  }
}

/// Deletes keys.
struct DeleteRequest: Request {
  typealias Response = DeleteResponse
  static var method: StaticString { "/etcdserverpb.KV/DeleteRange" }
  var keys: KeyRange

  func write(to writer: inout ProtobufWriter) {
    writer.text(1, keys.first)
    writer.text(2, keys.end)
  }
}

/// A transaction: all of `then` if all conditions hold, else all of `otherwise`.
struct TransactionRequest: Request {
  typealias Response = TransactionResponse
  static var method: StaticString { "/etcdserverpb.KV/Txn" }
  var conditions: [Condition] = []
  var then: [Step]
  var otherwise: [Step] = []

  /// What must hold: the revision of the last write of a key, or that there is none, or that its value comes before
  /// another; that of a key that is missing never does.
  enum Condition: EncodableMessage {
    case isUnchanged(String, since: Int64)
    case isMissing(String)
    case isLess(String, than: String)

    /// The result is EQUAL, which is 0, or LESS.
    func write(to writer: inout ProtobufWriter) {
      switch self {
      case .isUnchanged(let key, let revision):
        writer.integer(2, 2)
        writer.text(3, key)
        writer.presentInteger(6, revision)
      case .isMissing(let key):
        writer.integer(2, 1)
        writer.text(3, key)
        writer.presentInteger(5, 0)
      case .isLess(let key, let value):
        writer.integer(1, 2)
        writer.integer(2, 3)
        writer.text(3, key)
        writer.text(7, value)
      }
    }
  }

  /// A part of the transaction.
  enum Step: EncodableMessage {
    case range(RangeRequest)
    case put(PutRequest)

    func write(to writer: inout ProtobufWriter) {
      switch self {
      case .range(let request): writer.message(1, request)
      case .put(let request): writer.message(2, request)
      }
    }
  }

  func write(to writer: inout ProtobufWriter) {
    for condition in conditions { writer.message(1, condition) }
    for step in then { writer.message(2, step) }
    for step in otherwise { writer.message(3, step) }
  }
}

// MARK: responses

/// A response of which nothing is of interest.
struct EmptyResponse: DecodableMessage {
  mutating func take(_ field: Int, _ value: ProtobufValue) {}
}

/// What the head of a response tells.
struct ResponseHeader: DecodableMessage {
  /// That of the store when the request was carried out.
  private(set) var revision: Int64 = 0

  mutating func take(_ field: Int, _ value: ProtobufValue) {
    if case (3, .integer(let number)) = (field, value) { revision = Int64(bitPattern: number) }
  }
}

/// A key with its value.
struct KeyValue: DecodableMessage {
  private(set) var key: ArraySlice<UInt8> = []
  private(set) var createRevision: Int64 = 0
  private(set) var modRevision: Int64 = 0
  private(set) var value: ArraySlice<UInt8> = []

  /// Nil when the value is not a decimal number.
  var number: Int64? { value.withUnsafeBytes { Int64(decimal: $0) } }

  mutating func take(_ field: Int, _ value: ProtobufValue) {
    switch (field, value) {
    case (1, .bytes(let bytes)): key = bytes
    case (2, .integer(let number)): createRevision = Int64(bitPattern: number)
    case (3, .integer(let number)): modRevision = Int64(bitPattern: number)
    case (5, .bytes(let bytes)): self.value = bytes
    default: break
    }
  }
}

/// The keys of a range.
struct RangeResponse: DecodableMessage {
  private(set) var header = ResponseHeader()
  private(set) var pairs: [KeyValue] = []
  /// How many there are, with those that were not asked for.
  private(set) var count: Int64 = 0

  mutating func take(_ field: Int, _ value: ProtobufValue) throws(DamagedMessage) {
    switch (field, value) {
    case (1, .bytes(let bytes)): header = try ResponseHeader(bytes)
    case (2, .bytes(let bytes)): pairs.append(try KeyValue(bytes))
    case (4, .integer(let number)): count = Int64(bitPattern: number)
    default: break
    }
  }
}

/// How many keys were deleted.
struct DeleteResponse: DecodableMessage {
  private(set) var count: Int64 = 0

  mutating func take(_ field: Int, _ value: ProtobufValue) {
    if case (2, .integer(let number)) = (field, value) { count = Int64(bitPattern: number) }
  }
}

/// Whether the conditions held, and what the steps got.
struct TransactionResponse: DecodableMessage {
  private(set) var header = ResponseHeader()
  private(set) var hasSucceeded = false
  /// Empty for steps that are not ranges.
  private(set) var ranges: [RangeResponse] = []

  mutating func take(_ field: Int, _ value: ProtobufValue) throws(DamagedMessage) {
    switch (field, value) {
    case (1, .bytes(let bytes)): header = try ResponseHeader(bytes)
    case (2, .integer(let number)): hasSucceeded = number != 0
    case (3, .bytes(let bytes)): ranges.append(try StepResponse(bytes).range)
    default: break
    }
  }

  private struct StepResponse: DecodableMessage {
    private(set) var range = RangeResponse()

    mutating func take(_ field: Int, _ value: ProtobufValue) throws(DamagedMessage) {
      if case (1, .bytes(let bytes)) = (field, value) { range = try RangeResponse(bytes) }
    }
  }
}
#endif
