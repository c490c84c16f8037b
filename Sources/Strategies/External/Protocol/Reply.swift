internal import Model

/// What an adapter answers, by the `type` of its message.
enum ReplyKind: UInt8, CaseIterable {
  case hello, ok, error, opened, granted, notAcquired, connectionLost, released, lost, unknown, committed, refused
  case conflict, deadlock, lockTimeout, leaseLost, pong, unsupported
  /// Nobody has asked for it.
  case event

  /// As it is written.
  var word: StaticString {
    switch self {
    case .hello: "hello"
    case .ok: "ok"
    case .error: "error"
    case .opened: "opened"
    case .granted: "granted"
    case .notAcquired: "not_acquired"
    case .connectionLost: "connection_lost"
    case .released: "released"
    case .lost: "lost"
    case .unknown: "unknown"
    case .committed: "committed"
    case .refused: "refused"
    case .conflict: "conflict"
    case .deadlock: "deadlock"
    case .lockTimeout: "lock_timeout"
    case .leaseLost: "lease_lost"
    case .pong: "pong"
    case .unsupported: "unsupported"
    case .event: "event"
    }
  }

  init?(_ text: JSONCursor.Text) {
    guard let kind = Self.allKinds.first(where: { text.equals($0.word) }) else { return nil }
    self = kind
  }

  private static let allKinds = allCases

  /// The failure of an attempt that it stands for; nil when it stands for none.
  var failure: AttemptFailure? {
    switch self {
    case .conflict: .conflict
    case .deadlock: .deadlock
    case .lockTimeout: .lockTimeout
    case .notAcquired: .notAcquired
    case .leaseLost: .leaseLost
    case .connectionLost: .connectionLost
    case .error, .unsupported: .error
    default: nil
    }
  }
}

/// A reply, as far as requests ask for it.
struct Reply {
  var kind = ReplyKind.unsupported
  var id: Int64 = 0
  /// The fencing token of a grant; nil when it gave none.
  var token: Int64?
  /// How many values it gave.
  var values = 0
  /// What an error says.
  var message: String?

  /// Reads a line.
  ///
  /// - Parameter values: room for ``Operation/maximumSteps`` values.
  /// - Throws: when it is no object, has no known `type`, or no `id` although somebody asked for it.
  mutating func read(_ line: UnsafeRawBufferPointer, values: UnsafeMutablePointer<Int64>) throws(Malformed) {
    var cursor = JSONCursor(line)
    var type: JSONCursor.Text?
    var text: JSONCursor.Text?
    var number: Int64?
    (self.values, token) = (0, nil)
    try cursor.expect("{")
    repeat {
      let key = try cursor.text()
      try cursor.expect(":")
      if key.equals("type") {
        type = try cursor.text()
      } else if key.equals("id") {
        number = try cursor.integer()
      } else if key.equals("token") {
        token = try cursor.integer()
      } else if key.equals("values") {
        self.values = try Self.read(&cursor, into: values)
      } else if key.equals("message"), try cursor.peek() == UInt8(ascii: "\"") {
        text = try cursor.text()
      } else {
        try cursor.skip()
      }
    } while try cursor.take(",")
    try cursor.expect("}")
    try cursor.expectEnd()
    guard let type, let kind = ReplyKind(type), number != nil || kind == .event else { throw Malformed() }
    self.kind = kind
    id = number ?? 0
    message = kind == .error ? text?.copy : nil
  }

  private static func read(
    _ cursor: inout JSONCursor, into values: UnsafeMutablePointer<Int64>
  ) throws(Malformed) -> Int {
    try cursor.expect("[")
    var count = 0
    if try cursor.take("]") { return 0 }
    repeat {
      guard count < Operation.maximumSteps, let value = try cursor.integer() else { throw Malformed() }
      values[count] = value
      count &+= 1
    } while try cursor.take(",")
    try cursor.expect("]")
    return count
  }
}
