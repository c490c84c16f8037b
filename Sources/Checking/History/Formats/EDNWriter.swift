public import Model

/// Writes the operations of a history as Knossos and Elle read them: EDN, one map for each event, sorted by time.
///
/// Each operation is two events, its invoke and its end; one that never ended has the first alone. Registers and counters
/// over several records are written as Jepsen's independent keys do, with `[key value]` for a value; operations over
/// several records at once are transactions of Elle: `[[:r 8 nil] [:append 9 2]]`.
///
/// Streaming: take the bytes whenever there are enough of them, and put them into a file.
public struct EDNWriter {
  private var text = TextBytes()
  private var index: Int64 = 0
  private let keysAreIndependent: Bool

  /// Writes nothing yet.
  ///
  /// - Parameter keysAreIndependent: whether there are several records, so that each value needs its key.
  public init(keysAreIndependent: Bool) { self.keysAreIndependent = keysAreIndependent }

  /// The operations, and the faults as events of the nemesis.
  public static func bytes(of history: History) -> [UInt8] {
    var keys: Set<Int64> = []
    for operation in history.operations where !operation.isTransaction {
      if let access = operation.accesses.first { keys.insert(access.key) }
    }
    var writer = EDNWriter(keysAreIndependent: keys.count > 1)
    for event in HistoryEvent.all(of: history) {
      switch event {
      case .invoke(let operation): writer.append(history.operations[operation], isInvoke: true)
      case .end(let operation): writer.append(history.operations[operation], isInvoke: false)
      case .fault(let fault): writer.append(history.faults[fault])
      }
    }
    return writer.take()
  }

  /// Bytes that were written and not yet taken.
  public var count: Int { text.bytes.count }

  /// The bytes that were written since they were last taken.
  public mutating func take() -> [UInt8] { text.take() }

  /// Writes one of the two events of an operation; they must come in order of time.
  public mutating func append(_ operation: RecordedOperation, isInvoke: Bool) {
    let isTransaction = operation.isTransaction
    begin(operation.process, isInvoke ? "invoke" : operation.ending.rawValue)
    text.append(", :f :")
    text.append(text: isTransaction ? "txn" : operation.word)
    text.append(", :value ")
    // What was seen is known when an operation has ended well.
    let isSeen = !isInvoke && operation.ending == .ok
    if isTransaction {
      text.append("[")
      text.append(operation.accesses, separator: " ") { $0.append(microOperation: $1, isSeen: isSeen) }
      text.append("]")
    } else if let access = operation.accesses.first {
      append(value: access, isSeen: isSeen)
    } else {
      text.append("nil")
    }
    if !isInvoke {
      if let access = operation.accesses.first, !isTransaction, isSeen {
        if case .add(_, let result?) = access.action { append(", :result ", result) }
        if let version = access.version { append(", :version ", version) }
      }
      if let token = operation.token { append(", :token ", token) }
      if let error = operation.error {
        text.append(", :error ")
        text.append(quoted: error)
      }
    }
    end(time: isInvoke ? operation.invoke : operation.end ?? operation.invoke)
  }

  private mutating func append(value access: Access, isSeen: Bool) {
    if keysAreIndependent { append("[", access.key) }
    if keysAreIndependent { text.append(" ") }
    switch access.action {
    case .read(let value): text.append(isSeen ? value : nil, orNone: "nil")
    case .write(let value): text.append(value, orNone: "nil")
    case .cas(let expected, let new):
      text.append("[")
      text.append([expected, new], separator: " ") { $0.append($1, orNone: "nil") }
      text.append("]")
    case .add(let amount, _): text.append(amount)
    case .append, .list, .acquire, .release: text.append("nil")
    }
    if keysAreIndependent { text.append("]") }
  }

  /// Writes that a fault was injected or healed.
  public mutating func append(_ fault: RecordedFault) {
    text.append("{:process :nemesis, :type :info, :f :")
    text.append(text: fault.isHealed ? "heal" : "inject")
    text.append(", :value ")
    text.append(quoted: fault.detail.isEmpty ? fault.name : "\(fault.name) \(fault.detail)")
    end(time: fault.moment)
  }

  private mutating func begin(_ process: Int, _ type: String) {
    append("{:process ", Int64(process))
    text.append(", :type :")
    text.append(text: type)
  }

  private mutating func end(time: Int64) {
    append(", :time ", time)
    append(", :index ", index)
    text.append("}\n")
    index += 1
  }

  private mutating func append(_ name: StaticString, _ value: Int64) {
    text.append(name)
    text.append(value)
  }
}

extension RecordedOperation {
  /// Whether only a transaction can say what it did: it touches several records, or a list.
  fileprivate var isTransaction: Bool {
    if accesses.count > 1 || function == .txn { return true }
    switch accesses.first?.action {
    case .append, .list: return true
    default: return false
    }
  }

  /// What it is called by what it did.
  fileprivate var word: String {
    switch accesses.first?.action {
    case .read: "read"
    case .write: "write"
    case .cas: "cas"
    case .add: "add"
    case .acquire: "acquire"
    case .release: "release"
    case .append, .list, nil: function.rawValue
    }
  }
}

extension TextBytes {
  /// An access as a part of a transaction of Elle. What was changed on the strength of what was seen is both of them.
  fileprivate mutating func append(microOperation access: Access, isSeen: Bool) {
    switch access.action {
    case .read(let value): append(micro: "r", access.key, isSeen ? value : nil)
    case .write(let value): append(micro: "w", access.key, value)
    case .append(let element): append(micro: "append", access.key, element)
    case .list(let elements):
      append("[:r ")
      append(access.key)
      if isSeen {
        append(" [")
        append(elements, separator: " ") { $0.append($1) }
        append("]]")
      } else {
        append(" nil]")
      }
    case .cas(let expected, let new):
      append(micro: "r", access.key, isSeen ? expected : nil)
      append(" ")
      append(micro: "w", access.key, new)
    case .add(let amount, let result):
      append(micro: "r", access.key, isSeen ? result.map { $0 &- amount } : nil)
      append(" ")
      append(micro: "w", access.key, isSeen ? result : nil)
    case .acquire: append(micro: "acquire", access.key, nil)
    case .release: append(micro: "release", access.key, nil)
    }
  }

  private mutating func append(micro name: StaticString, _ key: Int64, _ value: Int64?) {
    append("[:")
    append(name)
    append(" ")
    append(key)
    append(" ")
    append(value, orNone: "nil")
    append("]")
  }
}
