internal import Model

/// One event of a history as Jepsen writes it.
struct JepsenEvent {
  /// Nil where histories of one process after the other leave it out.
  var process: Int?
  /// `invoke`, `ok`, `fail` or `info`.
  var type: String
  var function: String
  var value: EDNForm?
  var result: Int64?
  var version: Int64?
  var token: Int64?
  var error: String?
}

/// Joins the events of a history into operations: an invoke and what the same process reports next.
///
/// The times of the operations are the numbers of their events, from 1: in such a history the order is what counts.
struct EventPairing {
  private var history = History(header: HistoryHeader(clock: .events))
  private var open: [Int?: (index: Int, invoke: JepsenEvent)] = [:]
  private var count: Int64 = 0

  /// What was done to the system under test.
  mutating func appendFault(_ name: String, _ detail: String) {
    count += 1
    let isHealed = ["stop", "heal", "resume", "restart"].contains { name.hasPrefix($0) }
    history.faults.append(RecordedFault(moment: count, isHealed: isHealed, name: name, detail: detail))
  }

  /// Takes the next event; throws what is wrong with it.
  mutating func append(_ event: JepsenEvent) throws(IncompleteLine) {
    count += 1
    if event.type == "invoke" { return try begin(event) }
    guard let ending = RecordedOperation.Ending(rawValue: event.type) else {
      throw IncompleteLine(message: "unknown type :\(event.type); use :invoke, :ok, :fail or :info")
    }
    guard let (index, invoke) = open.removeValue(forKey: event.process) else {
      throw IncompleteLine(message: "\(name(of: event.process)) ends an operation that it did not begin")
    }
    guard invoke.function == event.function else {
      throw IncompleteLine(
        message: "\(name(of: event.process)) began :\(invoke.function) and ends :\(event.function)")
    }
    history.operations[index].end = count
    history.operations[index].ending = ending
    history.operations[index].token = event.token
    history.operations[index].error = event.error
    if ending == .ok {
      let told = try event.accesses(seen: true, invoked: invoke.value)
      history.operations[index].accesses = told
    }
  }

  private mutating func begin(_ event: JepsenEvent) throws(IncompleteLine) {
    guard open[event.process] == nil else {
      throw IncompleteLine(
        message: "\(name(of: event.process)) begins an operation before its last one ended")
    }
    guard let function = RecordedOperation.Function(rawValue: event.function) else {
      throw IncompleteLine(
        message: "unknown function :\(event.function); this program judges :read, :write, :cas, :add, :acquire, "
          + ":release and :txn")
    }
    open[event.process] = (history.operations.count, event)
    let accesses = try event.accesses(seen: false, invoked: nil)
    history.operations.append(
      RecordedOperation(process: event.process ?? 0, function, invoke: count, end: nil, .info, accesses))
  }

  private func name(of process: Int?) -> String { process.map { "process \($0)" } ?? "the process" }

  /// The history when all events were taken.
  func finished() -> History {
    var history = history
    let hasLists = history.operations.contains { $0.accesses.contains(where: \.isOfList) }
    guard hasLists else { return history }
    // A list that was never appended to is written as nil, too.
    for index in history.operations.indices where history.operations[index].function == .txn {
      for position in history.operations[index].accesses.indices
      where history.operations[index].accesses[position].action == .read(nil) {
        history.operations[index].accesses[position].action = .list([])
      }
    }
    return history
  }
}

extension JepsenEvent {
  /// What the operation did.
  ///
  /// - Parameters:
  ///   - seen: whether values that were read are known.
  ///   - invoked: the value of the invoke, for events that leave theirs out.
  fileprivate func accesses(seen: Bool, invoked: EDNForm?) throws(IncompleteLine) -> [Access] {
    let stated = value.flatMap { $0 == .none ? nil : $0 } ?? (function == "read" ? nil : invoked) ?? .none
    if function == "txn" {
      guard case .sequence(let parts) = stated else {
        throw unreadable(stated, "a list like [[:r 1 nil] [:append 1 2]]")
      }
      var accesses: [Access] = []
      for part in parts { accesses.append(try Self.microOperation(part)) }
      return accesses
    }
    var (key, form): (Int64, EDNForm) = (0, stated)
    if case .sequence(let pair) = stated, pair.count == 2, case .integer(let first) = pair[0] {
      // Of independent keys: [key value]. A cas has two values, so there it is a pair only if its second part is one.
      if case .sequence = pair[1] { (key, form) = (first, pair[1]) }
      if function != "cas" { (key, form) = (first, pair[1]) }
    }
    return [Access(key, try action(form), version: version)]
  }

  private func action(_ form: EDNForm) throws(IncompleteLine) -> Access.Action {
    switch function {
    case "read": return .read(try scalar(form))
    case "write": return .write(try scalar(form))
    case "add":
      guard case .integer(let amount) = form else { throw unreadable(form, "a whole number") }
      return .add(amount, result: result)
    case "cas":
      guard case .sequence(let pair) = form, pair.count == 2 else { throw unreadable(form, "[expected new]") }
      return .cas(expected: try scalar(pair[0]), new: try scalar(pair[1]))
    case "acquire": return .acquire
    case "release": return .release
    default: throw IncompleteLine(message: "of :\(function) nothing can be judged; write it as a :txn")
    }
  }

  private func scalar(_ form: EDNForm) throws(IncompleteLine) -> Int64? {
    switch form {
    case .none: return nil
    case .integer(let value): return value
    default: throw unreadable(form, "a whole number or nil")
    }
  }

  private func unreadable(_ form: EDNForm, _ expected: String) -> IncompleteLine {
    IncompleteLine(message: "the value \(form.text) of :\(function) should be \(expected)")
  }

  private static func microOperation(_ form: EDNForm) throws(IncompleteLine) -> Access {
    if case .sequence(let parts) = form, parts.count == 3, case .word(let name) = parts[0],
      case .integer(let key) = parts[1]
    {
      switch (name, parts[2]) {
      case ("r", .none): return Access(key, .read(nil))
      case ("r", .integer(let value)): return Access(key, .read(value))
      case ("r", .sequence(let elements)):
        var values: [Int64] = []
        for element in elements {
          guard case .integer(let value) = element else {
            throw IncompleteLine(message: "the element \(element.text) should be a whole number")
          }
          values.append(value)
        }
        return Access(key, .list(values))
      case ("w", .none): return Access(key, .write(nil))
      case ("w", .integer(let value)): return Access(key, .write(value))
      case ("append", .integer(let value)): return Access(key, .append(value))
      default: break
      }
    }
    throw IncompleteLine(
      message: "the part \(form.text) of a transaction should be [:r key value], [:w key value] or "
        + "[:append key element], with whole numbers")
  }
}
