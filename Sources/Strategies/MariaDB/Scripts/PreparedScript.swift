#if MariaDB
internal import CMariaDB
internal import Scripts

/// A prepared statement of a script, with memory for its parameters and for the row that it finds. Used by one connection.
final class PreparedScript {
  let handle: UnsafeMutablePointer<MYSQL_STMT>
  private let entry: UnsafePointer<StatementTable.Entry>
  private let parameters: BindMemory
  private var isBound = false
  /// The columns of its rows; nil when nobody asks for them.
  private var columns: BindMemory?
  private var slots: [Int] = []
  /// The variables that columns become, whether a script asks for them or not.
  private(set) var names: [String] = []

  /// - Parameter handle: owned from here on.
  init(_ handle: UnsafeMutablePointer<MYSQL_STMT>, _ entry: UnsafePointer<StatementTable.Entry>) {
    self.handle = handle
    self.entry = entry
    parameters = BindMemory(entry.pointee.parameterCount)
  }

  deinit { mysql_stmt_close(handle) }

  // MARK: parameters

  /// Sets the parameters. Their types are sent again only when they have changed.
  func bind(_ variables: borrowing ScriptVariables) {
    for index in 0..<entry.pointee.parameterCount {
      let slot = entry.pointee.parameters[index]
      switch variables[slot] {
      case .null: parameters.setNull(index)
      case .boolean(let value): set(index, MYSQL_TYPE_LONGLONG, value ? 1 : 0)
      case .integer(let value): set(index, MYSQL_TYPE_LONGLONG, value)
      case .double(let value): set(index, MYSQL_TYPE_DOUBLE, Int64(bitPattern: value.bitPattern))
      case .text(let offset, let length):
        variables.withText(offset: offset, length: length) { if parameters.set(index, $0) { isBound = false } }
      }
    }
    if !isBound {
      isBound = true
      mysql_stmt_bind_param(handle, parameters.binds)
    }
  }

  private func set(_ index: Int, _ type: enum_field_types, _ bits: Int64) {
    if parameters.set(index, type, bits) { isBound = false }
  }

  // MARK: rows

  /// Learns the columns that become variables, and where rows are to be put.
  func learn(prefix: String, _ variables: [String: Int]) {
    guard let fields = mysql_stmt_result_metadata(handle) else { return }
    defer { mysql_free_result(fields) }
    let count = Int(mysql_num_fields(fields))
    let memory = BindMemory(count)
    for index in 0..<count {
      let field = mysql_fetch_field_direct(fields, UInt32(index)).pointee
      names.append(prefix + (field.name.map { String(cString: $0) } ?? ""))
      slots.append(variables[names[index]] ?? -1)
      memory.prepare(index, Self.bindType(field))
    }
    columns = memory
    mysql_stmt_bind_result(handle, memory.binds)
  }

  /// Whole numbers and fractions come as such, all others as texts.
  private static func bindType(_ field: MYSQL_FIELD) -> enum_field_types {
    switch field.type {
    case MYSQL_TYPE_TINY, MYSQL_TYPE_SHORT, MYSQL_TYPE_INT24, MYSQL_TYPE_LONG, MYSQL_TYPE_LONGLONG, MYSQL_TYPE_YEAR:
      MYSQL_TYPE_LONGLONG
    case MYSQL_TYPE_FLOAT, MYSQL_TYPE_DOUBLE: MYSQL_TYPE_DOUBLE
    default: MYSQL_TYPE_STRING
    }
  }

  /// Goes through the rows that have been stored. Gives the variables the values of the last one.
  func take(_ variables: inout ScriptVariables) {
    guard let columns else { return }
    // Also when a text was longer than the memory for it.
    while true {
      let code = mysql_stmt_fetch(handle)
      guard code == 0 || code == MYSQL_DATA_TRUNCATED else { return }
      for index in slots.indices where slots[index] >= 0 { take(index, columns, &variables) }
    }
  }

  private func take(_ index: Int, _ columns: BindMemory, _ variables: inout ScriptVariables) {
    if columns.isNull(index) { return variables.set(slots[index], .null) }
    switch columns.binds[index].buffer_type {
    case MYSQL_TYPE_LONGLONG: variables.set(slots[index], .integer(columns.bits(index)))
    case MYSQL_TYPE_DOUBLE:
      variables.set(slots[index], .double(Double(bitPattern: UInt64(bitPattern: columns.bits(index)))))
    default:
      if columns.makeRoom(index) {
        mysql_stmt_fetch_column(handle, columns.binds + index, UInt32(index), 0)
        mysql_stmt_bind_result(handle, columns.binds)
      }
      variables.set(slots[index], text: columns.text(index))
    }
  }
}
#endif
