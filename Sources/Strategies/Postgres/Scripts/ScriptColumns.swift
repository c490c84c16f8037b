internal import CLibpq
internal import Scripts

/// Which variables the columns of each statement's rows become. Owns its memory.
struct ScriptColumns: ~Copyable {
  private let targets: UnsafeMutablePointer<Targets>
  private let count: Int
  /// The slots of all variables.
  private let slots: [String: Int]
  /// The variables that columns become, whether a script asks for them or not.
  private(set) var names: Set<String> = []

  /// The columns of one statement.
  private struct Targets {
    /// The slot of each column; negative for one that nobody asks for.
    var slots: UnsafeMutablePointer<Int>?
    /// How many columns there are; negative before any result was seen.
    var count = -1
  }

  init(statements count: Int, _ variables: [ScriptVariable]) {
    self.count = count
    slots = Dictionary(
      variables.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
    targets = .allocate(capacity: max(1, count))
    targets.initialize(repeating: Targets(), count: max(1, count))
  }

  deinit {
    for index in 0..<count { targets[index].slots?.deallocate() }
    targets.deallocate()
  }

  /// Whether the columns of a statement are known.
  func knows(_ statement: Int) -> Bool { targets[statement].count >= 0 }

  /// Learns the columns of a statement from a result that describes or holds its rows.
  mutating func learn(_ statement: Int, prefix: String, from result: OpaquePointer?) {
    let count = Int(PQnfields(result))
    targets[statement].slots?.deallocate()
    let made = UnsafeMutablePointer<Int>.allocate(capacity: max(1, count))
    for column in 0..<count {
      let name = prefix + (PQfname(result, Int32(column)).map { String(cString: $0) } ?? "")
      (made + column).initialize(to: slots[name] ?? -1)
      names.insert(name)
    }
    targets[statement] = Targets(slots: made, count: count)
  }

  /// Gives the variables the values of the last row of a result.
  func take(_ statement: Int, from result: OpaquePointer, _ variables: inout ScriptVariables) {
    guard let slots = targets[statement].slots else { return }
    let row = PQntuples(result) - 1
    for column in 0..<Int32(targets[statement].count) where slots[Int(column)] >= 0 {
      if PQgetisnull(result, row, column) == 1 {
        variables.set(slots[Int(column)], .null)
      } else {
        let bytes = UnsafeRawBufferPointer(
          start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
        variables.set(slots[Int(column)], text: bytes)
      }
    }
  }
}
