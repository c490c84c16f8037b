internal import Glibc

/// What a guard tells its driver, over the guard's standard output: each message ends with a zero byte.
enum GuardMessage: Equatable {
  /// The private directory exists.
  case directory(String)
  /// The server answers: at first, and once for every request to start. With the processes of its members, in their
  /// order; 0 for one that does not run.
  case ready([Int32])
  /// The server could not be started; nothing is left of it.
  case failed(String)
  /// The server was killed as the driver had asked.
  case killed
  /// The server ended although nobody had asked it to; its directory remains until the driver lets go.
  case ended(String)

  /// One letter, the text, and a zero byte, which neither paths nor messages contain.
  var bytes: [UInt8] {
    let (letter, text) =
      switch self {
      case .directory(let path): ("D", path)
      case .ready(let processes): ("R", processes.map(String.init).joined(separator: " "))
      case .failed(let reason): ("F", reason)
      case .killed: ("K", "")
      case .ended(let reason): ("E", reason)
      }
    return Array(letter.utf8) + Array(text.utf8) + [0]
  }

  /// Reads a message without its zero byte; nil when it is none of ours.
  init?(_ bytes: some Collection<UInt8>) {
    let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
    switch bytes.first.map({ Character(UnicodeScalar($0)) }) {
    case "D": self = .directory(text)
    case "R": self = .ready(text.split(separator: " ").compactMap { Int32($0) })
    case "F": self = .failed(text)
    case "K": self = .killed
    case "E": self = .ended(text)
    default: return nil
    }
  }
}

/// What a driver asks of its guard, over the guard's standard input: two bytes each, what and of which member. That it
/// has gone is no request: the end of the stream says so.
struct GuardRequest: Equatable {
  enum Kind: UInt8 {
    /// Kill the server, and answer with ``GuardMessage/killed``.
    case kill = 75
    /// Ask the server to end in good order, and answer with ``GuardMessage/killed`` when it has.
    case stop = 81
    /// Start the server again, on what it has left, and answer with ``GuardMessage/ready(_:)``.
    case start = 83
    /// Kill the server, throw away what it has stored, start it as if for the first time, and answer with
    /// ``GuardMessage/ready(_:)``.
    case renew = 82
    /// Let nothing pass between the member and the others, or between any two; there is no answer.
    case separate = 88
    /// Let everything pass again that members have for each other; there is no answer.
    case join = 74
  }

  /// Stands for all members.
  private static let all = UInt8.max

  let kind: Kind
  /// From 0; nil for all members.
  let member: Int?

  init(_ kind: Kind, _ member: Int? = nil) {
    self.kind = kind
    self.member = member
  }

  /// Nil when it is none of ours.
  init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 2, let first = bytes.first, let kind = Kind(rawValue: first) else { return nil }
    let member = bytes.dropFirst().first.flatMap { $0 == Self.all ? nil : Int($0) }
    self.init(kind, member)
  }

  var bytes: [UInt8] { [kind.rawValue, member.map(UInt8.init) ?? Self.all] }
}

/// The driver's end of the stream of messages.
struct GuardMessages {
  private let descriptor: Descriptor
  private var pending: [UInt8] = []
  /// The guard has ended: there will be no further message.
  private(set) var hasEnded = false

  init(from descriptor: Descriptor) { self.descriptor = descriptor }

  /// The next message, waiting for it until `deadline`; nil when there is none by then, or none will come.
  mutating func next(until deadline: ContinuousClock.Instant) -> GuardMessage? {
    while true {
      if let end = pending.firstIndex(of: 0) {
        let message = GuardMessage(pending[..<end])
        pending.removeFirst(end + 1)
        if let message { return message }
        continue
      }
      if hasEnded || !waitForInput(descriptor.number, until: deadline) { return nil }
      var buffer = [UInt8](repeating: 0, count: 4096)
      let length = retryingInterrupted { read(descriptor.number, &buffer, buffer.count) }
      if length > 0 { pending += buffer[..<length] } else { hasEnded = true }
    }
  }
}
