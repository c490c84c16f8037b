public import Model

/// Reads what ``HistoryLineWriter`` writes.
///
/// A file without its last line was cut short: it is read as far as it goes, and how many operations are missing is not
/// known. The line in which it was cut is left out.
public enum HistoryLineReader {
  /// The history in a file.
  public static func read(_ bytes: [UInt8]) throws(HistoryProblem) -> History {
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<History, HistoryProblem> in
      var reader = LineByLine(JSONScanner(buffer))
      do throws(HistoryProblem) { return .success(try reader.read()) } catch { return .failure(error) }
    }
    return try result.get()
  }
}

/// One reading of one file.
private struct LineByLine {
  private var scanner: JSONScanner
  private var history = History(dropped: nil)

  init(_ scanner: JSONScanner) { self.scanner = scanner }

  mutating func read() throws(HistoryProblem) -> History {
    guard scanner.beginLine() else { throw scanner.problem("the file is empty; record a run with --history") }
    try readHeader()
    var isEnded = false
    while scanner.beginLine() {
      if isEnded { throw scanner.problem("nothing may follow the line that counts the operations") }
      guard let line = try readMembers() else { break }
      isEnded = try take(line)
    }
    return history
  }

  private mutating func readHeader() throws(HistoryProblem) {
    var header = HistoryHeader()
    var version: Int64?
    try scanner.object { scanner, name throws(HistoryProblem) in
      switch name {
      case "contend-history": version = try scanner.integer()
      case "workload": header.workload = try scanner.string()
      case "strategy": header.strategy = try scanner.string()
      case "initial": header.initial = try scanner.integers()
      case "clock":
        let clock = try scanner.string()
        guard clock == "events" || clock == "nanoseconds" else {
          throw scanner.problem("unknown clock '\(clock)'; use nanoseconds or events")
        }
        header.clock = clock == "events" ? .events : .nanoseconds
      default: throw scanner.problem("unknown member '\(name)' of the header")
      }
    }
    guard let version else {
      throw scanner.problem(
        "the first line must be the header of a history: {\"contend-history\":\(HistoryLineWriter.version), ...}")
    }
    guard version == HistoryLineWriter.version else {
      throw scanner.problem(
        "version \(version) of the format is not known; this program reads version \(HistoryLineWriter.version)")
    }
    try scanner.endLine()
    history.header = header
  }

  /// Reads one line; nil when the file ends in the middle of it.
  private mutating func readMembers() throws(HistoryProblem) -> HistoryLine? {
    var line = HistoryLine()
    do throws(HistoryProblem) {
      try scanner.object { scanner, name throws(HistoryProblem) in try line.read(name, from: &scanner) }
    } catch {
      if scanner.isAtEnd { return nil }
      throw error
    }
    try scanner.endLine()
    return line
  }

  /// Takes an operation, a fault or the last line; true for the last line.
  private mutating func take(_ line: HistoryLine) throws(HistoryProblem) -> Bool {
    if let count = line.operations {
      guard count == Int64(history.operations.count) else {
        throw scanner.problem(
          "\(count) operations were written, but \(history.operations.count) are here: lines are missing")
      }
      history.dropped = Int(line.dropped ?? 0)
    } else if let fault = line.fault {
      guard let moment = line.moment else { throw scanner.problem("the fault has no 'moment'") }
      history.faults.append(
        RecordedFault(moment: moment, isHealed: line.isHealed, name: fault, detail: line.detail))
    } else {
      let operation: RecordedOperation
      do throws(IncompleteLine) { operation = try line.operation() } catch { throw scanner.problem(error.message) }
      history.operations.append(operation)
    }
    return line.operations != nil
  }
}

/// What a line lacks.
struct IncompleteLine: Error {
  let message: String
}

/// The members of one line, whatever it is.
private struct HistoryLine {
  var operations: Int64?
  var dropped: Int64?
  var fault: String?
  var moment: Int64?
  var isHealed = false
  var detail = ""
  private var process: Int64?
  private var function: RecordedOperation.Function?
  private var ending: RecordedOperation.Ending?
  private var invoke: Int64?
  private var end: Int64?
  private var accesses: [Access] = []
  private var token: Int64?
  private var holds: [Hold] = []
  private var error: String?
  private var attempts: Int64 = 1

  mutating func read(_ name: String, from scanner: inout JSONScanner) throws(HistoryProblem) {
    switch name {
    case "process": process = try scanner.integer()
    case "f": function = try scanner.word()
    case "type": ending = try scanner.word()
    case "invoke": invoke = try scanner.integer()
    case "end": end = try scanner.integerIfAny()
    case "accesses":
      var accesses: [Access] = []
      try scanner.array { scanner throws(HistoryProblem) in accesses.append(try scanner.access()) }
      self.accesses = accesses
    case "token": token = try scanner.integerIfAny()
    case "holds":
      var holds: [Hold] = []
      try scanner.array { scanner throws(HistoryProblem) in holds.append(try scanner.hold()) }
      self.holds = holds
    case "error": error = try scanner.string()
    case "attempts": attempts = try scanner.integer()
    case "operations": operations = try scanner.integer()
    case "dropped": dropped = try scanner.integer()
    case "fault": fault = try scanner.string()
    case "moment": moment = try scanner.integer()
    case "healed": isHealed = try scanner.boolean()
    case "detail": detail = try scanner.string()
    default: throw scanner.problem("unknown member '\(name)'")
    }
  }

  func operation() throws(IncompleteLine) -> RecordedOperation {
    guard let process else { throw IncompleteLine(message: "the operation has no 'process'") }
    guard let function else { throw IncompleteLine(message: "the operation has no 'f'") }
    guard let ending else { throw IncompleteLine(message: "the operation has no 'type'") }
    guard let invoke else { throw IncompleteLine(message: "the operation has no 'invoke'") }
    if let end, end < invoke {
      throw IncompleteLine(message: "the operation ends at \(end), before its invoke at \(invoke)")
    }
    if end == nil && ending != .info {
      throw IncompleteLine(message: "an operation without an end is of type info, not \(ending.rawValue)")
    }
    return RecordedOperation(
      process: Int(process), function, invoke: invoke, end: end, ending, accesses, token: token, holds: holds,
      error: error, attempts: attempts)
  }
}

extension JSONScanner {
  /// One of the words of an enumeration.
  fileprivate mutating func word<Word: RawRepresentable & CaseIterable>() throws(HistoryProblem) -> Word
  where Word.RawValue == String {
    let text = try string()
    guard let word = Word(rawValue: text) else {
      let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw problem("unknown word '\(text)'; use one of \(known)")
    }
    return word
  }

  fileprivate mutating func hold() throws(HistoryProblem) -> Hold {
    var key: Int64?
    var granted: Int64?
    var released: Int64?
    try object { scanner, name throws(HistoryProblem) in
      switch name {
      case "key": key = try scanner.integer()
      case "granted": granted = try scanner.integer()
      case "released": released = try scanner.integerIfAny()
      default: throw scanner.problem("unknown member '\(name)' of a hold")
      }
    }
    guard let key, let granted else { throw problem("a hold needs 'key' and 'granted'") }
    if let released, released < granted {
      throw problem("the hold is released at \(released), before its grant at \(granted)")
    }
    return Hold(key: key, granted: granted, released: released)
  }

  fileprivate mutating func access() throws(HistoryProblem) -> Access {
    var key: Int64?
    var action: Access.Action?
    var result: Int64?
    var version: Int64?
    var replaced: Int64?
    try object { scanner, name throws(HistoryProblem) in
      switch name {
      case "key": key = try scanner.integer()
      case "result": result = try scanner.integerIfAny()
      case "version": version = try scanner.integerIfAny()
      case "replaced": replaced = try scanner.integerIfAny()
      default:
        if action != nil { throw scanner.problem("an access does one thing, but '\(name)' is a second one") }
        action = try scanner.action(name)
      }
    }
    guard let key, var action else {
      throw problem("an access needs 'key' and one of read, write, cas, add, append, list, lock")
    }
    if case .add(let amount, _) = action { action = .add(amount, result: result) }
    return Access(key, action, version: version, replaced: replaced)
  }

  private mutating func action(_ name: String) throws(HistoryProblem) -> Access.Action {
    switch name {
    case "read": return .read(try integerIfAny())
    case "write": return .write(try integerIfAny())
    case "add": return .add(try integer(), result: nil)
    case "append": return .append(try integer())
    case "list": return .list(try integers())
    case "cas":
      var values: [Int64?] = []
      try array { scanner throws(HistoryProblem) in values.append(try scanner.integerIfAny()) }
      guard values.count == 2 else { throw problem("'cas' needs two values, the expected and the new one") }
      return .cas(expected: values[0], new: values[1])
    case "lock":
      let word = try string()
      guard word == "acquire" || word == "release" else {
        throw problem("unknown word '\(word)'; use acquire or release")
      }
      return word == "acquire" ? .acquire : .release
    default: throw problem("unknown member '\(name)' of an access")
    }
  }
}
