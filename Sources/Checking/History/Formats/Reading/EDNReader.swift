public import Model

/// Reads histories as Jepsen, Knossos and Elle keep them: maps of EDN, one after the other or in one vector.
public enum EDNReader {
  /// The history in a file.
  public static func read(_ bytes: [UInt8]) throws(HistoryProblem) -> History {
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<History, HistoryProblem> in
      do throws(HistoryProblem) { return .success(try read(EDNScanner(buffer))) } catch { return .failure(error) }
    }
    return try result.get()
  }

  private static func read(_ start: EDNScanner) throws(HistoryProblem) -> History {
    var scanner = start
    var pairing = EventPairing()
    var isEmpty = true
    let closing = scanner.openAll()
    while scanner.skipBlanks() {
      if let closing, scanner.skip(closing) {
        if scanner.skipBlanks() { throw scanner.problem("nothing may follow the closing '\(closing)'") }
        break
      }
      let line = scanner.line
      let form = try scanner.form()
      do throws(IncompleteLine) { try pairing.append(form) } catch {
        throw HistoryProblem(line: line, error.message)
      }
      isEmpty = false
    }
    if isEmpty {
      throw HistoryProblem(line: 1, "the file has no event of a history, like {:type :invoke, :f :read, ...}")
    }
    return pairing.finished()
  }
}

extension EventPairing {
  /// Takes an event as a map.
  fileprivate mutating func append(_ form: EDNForm) throws(IncompleteLine) {
    guard case .map = form else {
      throw IncompleteLine(
        message: "an event is a map like {:type :invoke, :f :read, ...}, not \(form.text.prefix(40))")
    }
    guard case .word(let type)? = form["type"] else { throw IncompleteLine(message: "the event has no :type") }
    let value = form["value"]
    var function: String?
    if case .word(let word)? = form["f"] { function = word }
    switch form["process"] {
    case nil, .some(.none): break
    case .integer: break
    default:
      // Whoever has no number is no client: the nemesis.
      return appendFault(function ?? type, value.map { $0 == .none ? "" : $0.text } ?? "")
    }
    // Elle needs no :f where there are only transactions.
    if function == nil, case .sequence? = value { function = "txn" }
    guard let function else { throw IncompleteLine(message: "the event has no :f") }
    var error: String?
    if let form = form["error"], form != .none { error = form.text }
    try append(
      JepsenEvent(
        process: form["process"]?.integer.map { Int($0) }, type: type, function: function, value: value,
        result: form["result"]?.integer, version: form["version"]?.integer, token: form["token"]?.integer,
        error: error))
  }
}

extension EDNForm {
  fileprivate var integer: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }
}
