public import Model

/// Writes a history as JSON Lines: a header, one line for each operation or fault, and a last line that counts them.
///
/// The last line tells a whole file from one whose writer was killed. Streaming: take the bytes whenever there are enough
/// of them, and put them into a file.
///
/// ```json
/// {"contend-history":1,"workload":"counter","strategy":"postgres.for-update","initial":[0]}
/// {"process":3,"f":"add","type":"ok","invoke":120,"end":950,"accesses":[{"key":0,"add":1,"result":1}]}
/// {"fault":"pause-worker","moment":1000,"healed":false,"detail":"worker 3"}
/// {"operations":1,"dropped":0}
/// ```
public struct HistoryLineWriter {
  /// The version of the format, which the header states.
  public static let version: Int64 = 1

  private var text = TextBytes()
  private var operations: Int64 = 0

  /// Writes the header.
  public init(_ header: HistoryHeader) {
    text.append(member: "{\"contend-history\":", Self.version)
    if let workload = header.workload {
      text.append(",\"workload\":")
      text.append(quoted: workload)
    }
    if let strategy = header.strategy {
      text.append(",\"strategy\":")
      text.append(quoted: strategy)
    }
    if header.clock == .events { text.append(",\"clock\":\"events\"") }
    text.append(",\"initial\":[")
    text.append(header.initial, separator: ",") { $0.append($1) }
    text.append("]}\n")
  }

  /// Bytes that were written and not yet taken.
  public var count: Int { text.bytes.count }

  /// The bytes that were written since they were last taken.
  public mutating func take() -> [UInt8] { text.take() }

  /// Writes an operation.
  public mutating func append(_ operation: RecordedOperation) {
    operations += 1
    text.append("{\"process\":")
    text.append(Int64(operation.process))
    text.append(",\"f\":\"")
    text.append(text: operation.function.rawValue)
    text.append("\",\"type\":\"")
    text.append(text: operation.ending.rawValue)
    text.append("\",\"invoke\":")
    text.append(operation.invoke)
    text.append(",\"end\":")
    text.append(operation.end, orNone: "null")
    text.append(",\"accesses\":[")
    text.append(operation.accesses, separator: ",") { $0.append(access: $1) }
    text.append("]")
    if let token = operation.token { text.append(member: ",\"token\":", token) }
    if !operation.holds.isEmpty {
      text.append(",\"holds\":[")
      text.append(operation.holds, separator: ",") { $0.append(hold: $1) }
      text.append("]")
    }
    if operation.attempts != 1 { text.append(member: ",\"attempts\":", operation.attempts) }
    if let error = operation.error {
      text.append(",\"error\":")
      text.append(quoted: error)
    }
    text.append("}\n")
  }

  /// Writes that a fault was injected or healed.
  public mutating func append(_ fault: RecordedFault) {
    text.append("{\"fault\":")
    text.append(quoted: fault.name)
    text.append(member: ",\"moment\":", fault.moment)
    text.append(fault.isHealed ? ",\"healed\":true" : ",\"healed\":false")
    text.append(",\"detail\":")
    text.append(quoted: fault.detail)
    text.append("}\n")
  }

  /// Writes the last line.
  ///
  /// - Parameter dropped: operations that ran and were not written.
  public mutating func end(dropped: Int) {
    text.append(member: "{\"operations\":", operations)
    text.append(member: ",\"dropped\":", Int64(dropped))
    text.append("}\n")
  }

  /// A whole history as a file.
  public static func bytes(of history: History) -> [UInt8] {
    var writer = HistoryLineWriter(history.header)
    for operation in history.operations { writer.append(operation) }
    for fault in history.faults { writer.append(fault) }
    if let dropped = history.dropped { writer.end(dropped: dropped) }
    return writer.take()
  }
}

extension TextBytes {
  fileprivate mutating func append(member name: StaticString, _ value: Int64) {
    append(name)
    append(value)
  }

  fileprivate mutating func append(hold: Hold) {
    append(member: "{\"key\":", hold.key)
    append(member: ",\"granted\":", hold.granted)
    append(",\"released\":")
    append(hold.released, orNone: "null")
    append("}")
  }

  fileprivate mutating func append(access: Access) {
    append(member: "{\"key\":", access.key)
    switch access.action {
    case .read(let value):
      append(",\"read\":")
      append(value, orNone: "null")
    case .write(let value):
      append(",\"write\":")
      append(value, orNone: "null")
    case .cas(let expected, let new):
      append(",\"cas\":[")
      append([expected, new], separator: ",") { $0.append($1, orNone: "null") }
      append("]")
    case .add(let amount, let result):
      append(member: ",\"add\":", amount)
      if let result { append(member: ",\"result\":", result) }
    case .append(let element): append(member: ",\"append\":", element)
    case .list(let elements):
      append(",\"list\":[")
      append(elements, separator: ",") { $0.append($1) }
      append("]")
    case .acquire: append(",\"lock\":\"acquire\"")
    case .release: append(",\"lock\":\"release\"")
    }
    if let version = access.version { append(member: ",\"version\":", version) }
    if let replaced = access.replaced { append(member: ",\"replaced\":", replaced) }
    append("}")
  }
}
