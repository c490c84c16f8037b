#if MariaDB
internal import CMariaDB
internal import Model

/// A blocking connection for the driver: whole texts in, whole texts out.
final class AdministrationConnection {
  private let handle: UnsafeMutablePointer<MYSQL>
  private let address: Address

  /// How long connecting may take, in seconds.
  private static let patience: UInt32 = 10

  init(_ address: Address) throws(SetupFailure) {
    guard let handle = mysql_init(nil) else { throw SetupFailure("out of memory") }
    self.handle = handle
    self.address = address
    var patience = Self.patience
    mysql_options(handle, MYSQL_OPT_CONNECT_TIMEOUT, &patience)
    address.secure(handle)
    let connected = mysql_real_connect(
      handle, address.host, address.user, address.password, nil, address.port, address.socket, 0)
    guard connected != nil else { throw failure() }
  }

  deinit { mysql_close(handle) }

  private func failure() -> SetupFailure {
    let number = mysql_errno(handle)
    return ErrorCode(number: number).openingFailure(address, "\(number): " + String(cString: mysql_error(handle)))
  }

  /// Runs one statement. Returns its rows; NULL is an empty text.
  @discardableResult
  func run(_ sql: String) throws(SetupFailure) -> [[String]] {
    guard mysql_real_query(handle, sql, UInt(sql.utf8.count)) == 0 else { throw failure() }
    guard let result = mysql_store_result(handle) else {
      if mysql_field_count(handle) > 0 { throw failure() }
      return []
    }
    defer { mysql_free_result(result) }
    var rows: [[String]] = []
    while let row = mysql_fetch_row(result) {
      rows.append((0..<Int(mysql_num_fields(result))).map { row[$0].map { String(cString: $0) } ?? "" })
    }
    return rows
  }
}
#endif
