/// The statements of a program as they are sent, in memory that stays where it is: running one allocates nothing and
/// counts no reference.
public final class StatementTable: @unchecked Sendable {  // because nothing changes after it was made
  /// One statement.
  public struct Entry {
    /// A name for it, ended by a zero: `s0`, `s1`, ...
    public let name: UnsafePointer<CChar>
    /// Its text with a placeholder for each parameter, ended by a zero.
    public let text: UnsafePointer<CChar>
    /// Bytes of the text.
    public let length: Int
    /// The slots of its parameters.
    public let parameters: UnsafePointer<Int>
    /// How many there are.
    public let parameterCount: Int
    /// Its text in parts, for values that are put into it.
    public let pieces: UnsafePointer<Piece>
    /// How many there are.
    public let pieceCount: Int
    /// What it does.
    public let kind: ScriptStatement.Kind
    /// What becomes of its rows.
    public let rows: Rows
    /// Whether somebody asks how many rows it changed or returned.
    public let countsRows: Bool
    /// Whether several statements go out as one.
    public let isCombined: Bool
  }

  /// A part of a text.
  public struct Piece {
    /// Where it begins; meaningless for the value of a variable.
    public let start: UnsafePointer<UInt8>
    /// Bytes of it.
    public let length: Int
    /// The slot of the variable whose value stands here; negative for a text.
    public let slot: Int
  }

  /// What becomes of rows.
  public enum Rows: UInt8 {
    /// Nothing.
    case ignored
    /// There must be one, which becomes variables.
    case one
    /// The last one becomes variables.
    case last
  }

  /// The statements, in the order of the scripts.
  public let entries: UnsafePointer<Entry>
  /// How many there are.
  public let count: Int
  /// The most parameters that one has.
  public let largestParameterCount: Int
  /// The statements as they were compiled, in the same order.
  public let statements: [ScriptStatement]
  /// Position of the first statement of each script.
  private let firsts: [Int]
  private let memory: StatementMemory

  /// Lays out the statements of a program.
  ///
  /// - Parameter numbered: whether placeholders are `$1`, `$2`, ... and not `?`.
  public init(_ program: ScriptProgram, numbered: Bool) {
    statements = program.transactions.flatMap(\.statements)
    firsts = program.transactions.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.statements.count) }
    let memory = StatementMemory()
    let made = statements.enumerated().map { position, statement in
      Entry(statement, name: "s\(position)", numbered: numbered, memory)
    }
    self.memory = memory
    entries = memory.keep(made)
    count = made.count
    largestParameterCount = made.reduce(0) { max($0, $1.parameterCount) }
  }

  /// The prefix of the variables that the columns of a statement become; nil when they become none.
  public func prefix(_ position: Int) -> String? {
    switch statements[position].capture {
    case .none: nil
    case .row(let prefix), .anyRow(let prefix): prefix
    }
  }

  /// The position of a statement of a script.
  public func position(of statement: Int, in script: Int) -> Int { firsts[script] + statement }
}

extension StatementTable.Entry {
  /// Makes the text of the statement with the values of its variables in it, ended by a zero.
  public func compose(_ variables: borrowing ScriptVariables, into text: inout [UInt8]) {
    text.removeAll(keepingCapacity: true)
    for index in 0..<pieceCount {
      let piece = pieces + index
      if piece.pointee.slot < 0 {
        text.append(contentsOf: UnsafeBufferPointer(start: piece.pointee.start, count: piece.pointee.length))
      } else if !variables.write(piece.pointee.slot, to: &text) {
        text.append(contentsOf: "NULL".utf8)
      }
    }
    text.append(0)
  }

  fileprivate init(_ statement: ScriptStatement, name: String, numbered: Bool, _ memory: StatementMemory) {
    let sent = statement.text(numbered: numbered)
    self.name = memory.keep(text: name)
    text = memory.keep(text: sent)
    length = sent.utf8.count
    parameters = memory.keep(statement.parameters)
    parameterCount = statement.parameters.count
    let parts = statement.pieces.map { piece in
      switch piece {
      case .text(let words):
        StatementTable.Piece(start: memory.keep(Array(words.utf8)), length: words.utf8.count, slot: -1)
      case .variable(let slot): StatementTable.Piece(start: memory.keep([0]), length: 0, slot: slot)
      }
    }
    pieces = memory.keep(parts)
    pieceCount = parts.count
    kind = statement.kind
    rows =
      switch statement.capture {
      case .none: .ignored
      case .row: .one
      case .anyRow: .last
      }
    countsRows = statement.expectsRows || !statement.rules.isEmpty
    isCombined = statement.isCombined
  }
}

extension ScriptStatement {
  /// What its rules say of so many rows; nil when none applies.
  public func meaning(ofRows rows: Int) -> ScriptRule.Meaning? {
    for rule in rules {
      if case .rows(let range) = rule.condition, range.contains(rows) { return rule.meaning }
    }
    return nil
  }
}

/// Memory that lives as long as its owner, for values without references. Filled while a table is made.
private final class StatementMemory {
  private var blocks: [UnsafeMutableRawPointer] = []

  deinit { for block in blocks { block.deallocate() } }

  func keep<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
    let copy = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
    copy.initialize(from: elements, count: elements.count)
    blocks.append(UnsafeMutableRawPointer(copy))
    return UnsafePointer(copy)
  }

  func keep(text: String) -> UnsafePointer<CChar> { keep(text.utf8.map { CChar(bitPattern: $0) } + [0]) }
}
