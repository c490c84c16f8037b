#if MariaDB
internal import CMariaDB
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// A blocking connection for the driver: whole texts in, whole texts out.
final class AdministrationConnection: DriverSession {
  /// The number of the last error says that the session is over.
  private var isOver = false
  private let handle: UnsafeMutablePointer<MYSQL>
  private let address: Address

  /// How long connecting may take, in nanoseconds.
  private static let patience: Int64 = 10_000_000_000

  /// Connects, and makes the session's settings.
  ///
  /// - Throws: also when the server is not MariaDB.
  init(_ address: Address, _ settings: SessionSettings = .driver) throws(SetupFailure) {
    guard let handle = mysql_init(nil) else { throw SetupFailure("out of memory") }
    self.handle = handle
    self.address = address
    mysql_options(handle, MYSQL_OPT_NONBLOCK, nil)
    address.prepare(handle)
    let (isConnected, greeting) = Self.connect(handle, address)
    if let greeting, let refusal = ServerVersion.refusal(greeting) { throw SetupFailure(refusal) }
    guard isConnected else {
      let failure = failure()
      // The library may have read the greeting, been hung up on, and forgotten both, in one call.
      if greeting == nil, isOver, let refusal = ServerVersion.ask(address).flatMap(ServerVersion.refusal) {
        throw SetupFailure(refusal)
      }
      throw failure
    }
    for setting in settings.statements where mysql_real_query(handle, setting, UInt(setting.utf8.count)) != 0 {
      try settings.accept(error, of: setting, errorText)
    }
  }

  deinit { mysql_close(handle) }

  /// Connects step by step: what the server calls itself comes first, and the library forgets it when the login fails,
  /// as it does with a server of another make. So it is looked at before the library reads it, or, where that was at once,
  /// before the login fails.
  private static func connect(
    _ handle: UnsafeMutablePointer<MYSQL>, _ address: Address
  ) -> (isConnected: Bool, greeting: String?) {
    var connected: UnsafeMutablePointer<MYSQL>?
    var greeting: String?
    // The library keeps the addresses of these texts until it is connected.
    let texts = [address.host, address.user, address.password, address.socket].map { $0.map { strdup($0) } ?? nil }
    defer { for text in texts { free(text) } }
    let deadline = monotonicNow() + patience
    var status = mysql_real_connect_start(
      &connected, handle, texts[0], texts[1], texts[2], nil, address.port, texts[3], 0)
    while status != 0 {
      let events = status & MYSQL_WAIT_WRITE != 0 ? POLLOUT : POLLIN
      var descriptor = pollfd(fd: mysql_get_socket(handle), events: Int16(events), revents: 0)
      let isReady = poll(&descriptor, 1, 100) > 0
      guard isReady || monotonicNow() < deadline else { return (false, greeting) }
      greeting = greeting ?? version(handle) ?? ServerVersion.greeting(of: mysql_get_socket(handle))
      if isReady { status = mysql_real_connect_cont(&connected, handle, status & (MYSQL_WAIT_READ | MYSQL_WAIT_WRITE)) }
    }
    return (connected != nil, greeting ?? version(handle))
  }

  private static func version(_ handle: UnsafeMutablePointer<MYSQL>) -> String? {
    handle.pointee.server_version.map { String(cString: $0) }
  }

  /// The number of the last error.
  var error: ErrorCode { ErrorCode(number: mysql_errno(handle)) }
  private var errorText: String { "\(mysql_errno(handle)): " + String(cString: mysql_error(handle)) }

  private func failure() -> SetupFailure {
    isOver = error.endsSession
    // The library has no error for a server that does not answer.
    return error.number == 0
      ? ErrorCode(number: 2002).openingFailure(address, "no answer within 10 s")
      : error.openingFailure(address, errorText)
  }

  var isLost: Bool { isOver || hasPeerEnded(mysql_get_socket(handle)) }

  func isAnswered() -> Bool { mysql_ping(handle) == 0 }

  /// Runs one statement of a user. Returns its columns and first rows; nil when the server refuses it, for
  /// ``refusalText``.
  func ask(_ sql: String, limit: Int) -> QueryAnswer? {
    guard mysql_real_query(handle, sql, UInt(sql.utf8.count)) == 0 else {
      isOver = error.endsSession
      return nil
    }
    var answer = QueryAnswer(columns: [], rows: [], count: 0)
    guard let result = mysql_store_result(handle) else { return mysql_field_count(handle) > 0 ? nil : answer }
    defer { mysql_free_result(result) }
    while let row = mysql_fetch_row(result) { answer.take(row, of: result, limit: limit) }
    return answer
  }

  /// What the server said of the last statement that it refused.
  var refusalText: String { errorText }

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
