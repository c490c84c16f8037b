internal import Model

/// What the harness asks of an adapter.
enum RequestKind {
  case hello, configure, open, acquire, release, perform, ping, cancel, close, bye

  /// Its name in messages.
  var name: String {
    switch self {
    case .hello: "hello"
    case .configure: "configure"
    case .open: "open"
    case .acquire: "acquire"
    case .release: "release"
    case .perform: "perform"
    case .ping: "ping"
    case .cancel: "cancel"
    case .close: "close"
    case .bye: "bye"
    }
  }

  /// How a request begins, up to its number.
  fileprivate var opening: StaticString {
    switch self {
    case .hello: #"{"type":"hello","id":"#
    case .configure: #"{"type":"configure","id":"#
    case .open: #"{"type":"open","id":"#
    case .acquire: #"{"type":"acquire","id":"#
    case .release: #"{"type":"release","id":"#
    case .perform: #"{"type":"perform","id":"#
    case .ping: #"{"type":"ping","id":"#
    case .cancel: #"{"type":"cancel","id":"#
    case .close: #"{"type":"close","id":"#
    case .bye: #"{"type":"bye","id":"#
    }
  }

  /// What it may be answered with, besides an error.
  func admits(_ reply: ReplyKind) -> Bool {
    switch (self, reply) {
    case (_, .error), (_, .unsupported): true
    case (.hello, .hello), (.configure, .ok), (.open, .opened), (.ping, .pong), (.cancel, .ok), (.close, .ok): true
    case (.acquire, .granted), (.acquire, .notAcquired), (.acquire, .lockTimeout), (.acquire, .deadlock): true
    case (.acquire, .conflict), (.acquire, .connectionLost), (.acquire, .unknown): true
    case (.release, .released), (.release, .lost), (.release, .unknown), (.release, .connectionLost): true
    case (.perform, .committed), (.perform, .refused), (.perform, .unknown): true
    case (.perform, _): reply.failure != nil
    case (.bye, .ok): true
    default: false
    }
  }
}

extension LineWriter {
  /// Begins a request.
  mutating func begin(_ kind: RequestKind, _ id: Int64) {
    append(kind.opening)
    append(id)
  }

  /// Ends a request.
  mutating func end() { append("}\n") }

  /// The lock of a record, as `acquire` asks for it.
  mutating func append(lock key: Int32, worker: Int64, shared: Bool, wait: Int64, lease: Int64) {
    append(#","worker":"#)
    append(worker)
    append(#","key":"#)
    append(Int64(key))
    append(shared ? #","shared":true,"wait_ms":"# : #","shared":false,"wait_ms":"#)
    append(wait)
    append(#","ttl_ms":"#)
    append(lease)
  }

  /// A member with a whole number.
  mutating func append(worker: Int64) {
    append(#","worker":"#)
    append(worker)
  }

  /// The steps of an operation, as `perform` asks for them.
  mutating func append(_ operation: Operation, _ identity: OperationIdentity, hold nanoseconds: Int64) {
    append(#","operation":"w"#)
    append(Int64(identity.worker))
    append("-")
    append(identity.number)
    append(#"","steps":["#)
    for index in 0..<operation.count {
      if index > 0 { append(",") }
      append(operation[index], token: operation.token)
    }
    append(#"],"hold_us":"#)
    append(nanoseconds / 1000)
  }

  private mutating func append(_ step: Step, token: Int64) {
    append(#"{"record":"#)
    append(Int64(step.key))
    switch step.effect {
    case .read: append(#","effect":"read"}"#)
    case .requireFree: append(#","effect":"require_free"}"#)
    case .add:
      append(#","effect":"add","amount":"#)
      append(step.operand)
      if step.bound != .min {
        append(#","bound":"#)
        append(step.bound)
      }
      append("}")
    case .claim, .release:
      append(step.effect == .claim ? #","effect":"claim","token":"# : #","effect":"release","token":"#)
      append(token)
      append("}")
    }
  }
}
