#if SQLite
internal import CSQLite
internal import Scripts

/// The compiled statements of a user's scripts on one connection. Owns them.
struct PreparedScripts: ~Copyable {
  /// One compiled statement.
  struct Prepared {
    let handle: OpaquePointer
    /// Whether it changes nothing in the file.
    let isReadOnly: Bool
    /// The slot of each column that becomes a variable; negative for one that nobody asks for.
    let slots: UnsafeMutablePointer<Int>?
    let columns: Int
  }

  private var prepared: [Prepared] = []
  /// The variables that columns become, whether a script asks for them or not.
  private(set) var names: Set<String> = []
  /// Keeps the connection open as long as the statements live.
  private let database: Database

  init(_ database: Database) { self.database = database }

  deinit {
    for one in prepared {
      sqlite3_finalize(one.handle)
      one.slots?.deallocate()
    }
  }

  /// The statement at a position of the table.
  @inline(__always) subscript(position: Int) -> Prepared { prepared[position] }

  /// Why a statement could not be compiled.
  struct Refusal: Error {
    /// In bytes of the text; nil where SQLite does not say.
    let offset: Int?
    let text: String
  }

  /// Compiles the next statement of the table.
  ///
  /// - Parameter prefix: of the variables that its columns become; nil when they become none.
  mutating func append(
    _ entry: UnsafePointer<StatementTable.Entry>, prefix: String?, _ slots: [String: Int]
  ) throws(Refusal) {
    var compiled: OpaquePointer?
    let code = sqlite3_prepare_v3(
      database.handle, entry.pointee.text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, nil)
    guard code == SQLITE_OK, let compiled else {
      let offset = Int(sqlite3_error_offset(database.handle))
      throw Refusal(offset: offset < 0 ? nil : offset, text: code == SQLITE_OK ? "it is empty" : database.message)
    }
    let columns = Int(sqlite3_column_count(compiled))
    var targets: UnsafeMutablePointer<Int>?
    if let prefix {
      let made = UnsafeMutablePointer<Int>.allocate(capacity: max(1, columns))
      for column in 0..<columns {
        let name = prefix + (sqlite3_column_name(compiled, Int32(column)).map { String(cString: $0) } ?? "")
        (made + column).initialize(to: slots[name] ?? -1)
        names.insert(name)
      }
      targets = made
    }
    prepared.append(
      Prepared(
        handle: compiled, isReadOnly: sqlite3_stmt_readonly(compiled) != 0, slots: targets, columns: columns))
  }
}

extension PreparedScripts.Prepared {
  /// Sets the parameters of a statement.
  func bind(_ entry: UnsafePointer<StatementTable.Entry>, _ variables: borrowing ScriptVariables) {
    for index in 0..<entry.pointee.parameterCount {
      let position = Int32(index) + 1
      switch variables[entry.pointee.parameters[index]] {
      case .null: sqlite3_bind_null(handle, position)
      case .boolean(let value): sqlite3_bind_int64(handle, position, value ? 1 : 0)
      case .integer(let value): sqlite3_bind_int64(handle, position, value)
      case .double(let value): sqlite3_bind_double(handle, position, value)
      case .text(let offset, let length):
        variables.withText(offset: offset, length: length) { bytes in
          // SQLite copies it: variables that the statement's own rows become may move it.
          _ = sqlite3_bind_text(
            handle, position, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), length, Self.copied)
        }
      }
    }
  }

  /// `SQLITE_TRANSIENT`, an expression that Swift does not import.
  private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  /// Gives the variables the values of the row that was found.
  func take(_ variables: inout ScriptVariables) {
    guard let slots else { return }
    for column in 0..<columns where slots[column] >= 0 {
      Self.take(handle, Int32(column), into: slots[column], &variables)
    }
  }

  /// Gives a variable the value of a column of the row that was found.
  static func take(_ handle: OpaquePointer?, _ column: Int32, into slot: Int, _ variables: inout ScriptVariables) {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_NULL: variables.set(slot, .null)
    case SQLITE_INTEGER: variables.set(slot, .integer(sqlite3_column_int64(handle, column)))
    case SQLITE_FLOAT: variables.set(slot, .double(sqlite3_column_double(handle, column)))
    default:
      let bytes = sqlite3_column_text(handle, column)
      variables.set(
        slot, text: UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))))
    }
  }
}
#endif
