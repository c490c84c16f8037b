#if MariaDB
internal import CMariaDB
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// A worker's connection, through the non-blocking calls of the library (`mysql_*_start`, `mysql_*_cont`): each says what
/// it waits for, and goes on when the event loop says that it is there.
final class Connection {
  /// The statement that ``run(_:decides:)`` sends.
  var statement = StatementText()
  /// Rows that were changed, or matched, by the last statement.
  private(set) var affected: Int64 = 0
  /// The number that the last statement gave to `LAST_INSERT_ID`.
  var lastInsertID: Int64 { Int64(bitPattern: mysql_insert_id(handle)) }

  /// What the statement under way waits for, and whether it has failed.
  private var pending: Int32 = 0
  private var failed: Int32 = 0
  var handle: UnsafeMutablePointer<MYSQL>
  private var result: UnsafeMutablePointer<MYSQL_RES>?
  private(set) var readiness: Readiness?
  let events: EventCounter
  private let loop: EventLoop
  /// How long connecting may take, in nanoseconds.
  private static let patience: Int64 = 10_000_000_000

  /// Connects without holding up other workers of the thread.
  init(_ address: Address, database: String, _ worker: WorkerContext) async throws(SetupFailure) {
    guard let made = mysql_init(nil) else { throw SetupFailure("out of memory") }
    handle = made
    events = worker.events
    loop = worker.loop
    mysql_options(handle, MYSQL_OPT_NONBLOCK, nil)
    address.prepare(handle)
    var connected: UnsafeMutablePointer<MYSQL>?
    let deadline = monotonicNow() &+ Self.patience
    // The library keeps the addresses of these texts until it is connected.
    let texts = [address.host, address.user, address.password, database, address.socket].map { $0.map { strdup($0) } }
    defer { for text in texts { free(text ?? nil) } }
    var status = mysql_real_connect_start(
      &connected, made, texts[0] ?? nil, texts[1] ?? nil, texts[2] ?? nil, texts[3] ?? nil, address.port,
      texts[4] ?? nil, Address.countsMatchedRows)
    while status != 0 {
      let readiness = loop.register(mysql_get_socket(handle))
      let isReady = await loop.wait(for: readiness, writable: status & MYSQL_WAIT_WRITE != 0, until: deadline)
      readiness.deregister()
      guard isReady else { throw ErrorCode(number: 2002).openingFailure(address, "no answer within 10 s") }
      status = mysql_real_connect_cont(&connected, handle, status & (MYSQL_WAIT_READ | MYSQL_WAIT_WRITE))
    }
    guard connected != nil else { throw ErrorCode(number: mysql_errno(handle)).openingFailure(address, errorText) }
    _ = fcntl(mysql_get_socket(handle), F_SETFD, FD_CLOEXEC)
    readiness = loop.register(mysql_get_socket(handle))
  }

  deinit {
    discardResult()
    // The library has closed the socket of a connection that was lost; its number may belong to another session by now.
    if mysql_get_socket(handle) >= 0 { readiness?.deregister() } else { readiness?.abandon() }
    mysql_close(handle)
  }

  // MARK: statements

  /// Sends a statement and waits for its answer; rows are read by ``nextRow()``.
  ///
  /// - Parameter decides: whether the effect of the attempt depends on it. Then a lost connection is ambiguous.
  func run(_ words: StaticString, decides: Bool = false) async throws(AttemptFailure) {
    statement.clear()
    statement.append(words)
    try await run(decides: decides)
  }

  /// The same with what was built in ``statement``.
  func run(decides: Bool = false) async throws(AttemptFailure) {
    try start()
    try await end(decides: decides)
  }

  /// Sends what was built in ``statement``; ``end(decides:)`` must follow.
  func start() throws(AttemptFailure) {
    discardResult()
    if _slowPath(readiness?.hasArrived == true), hasEnded { throw .connectionLost }
    events.add(.statements)
    let text = statement.text
    failed = 0
    pending = mysql_real_query_start(&failed, handle, text.baseAddress, UInt(text.count))
  }

  /// Waits for the answer to the statement that was started.
  func end(decides: Bool = false) async throws(AttemptFailure) {
    if pending != 0 { await finish(pending) { mysql_real_query_cont(&failed, $0, $1) } }
    guard failed == 0 else { throw failure(decides) }
    guard mysql_field_count(handle) > 0 else {
      affected = Int64(bitPattern: mysql_affected_rows(handle))
      return
    }
    var stored: UnsafeMutablePointer<MYSQL_RES>?
    let storing = mysql_store_result_start(&stored, handle)
    if storing != 0 { await finish(storing) { mysql_store_result_cont(&stored, $0, $1) } }
    // Errors of functions, such as a deadlock of GET_LOCK, arrive with the rows.
    guard let stored else { throw failure(decides) }
    result = stored
  }

  /// Whether the server has ended the session while nothing was asked of it (`wait_timeout`, a restart): to send on it
  /// would leave open whether the statement was read. The server says nothing unasked, so whatever is there is a
  /// farewell; only the records of TLS may be something else.
  var hasEnded: Bool {
    var byte: UInt8 = 0
    let count = recv(mysql_get_socket(handle), &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
    if count > 0 { return mysql_get_ssl_cipher(handle) == nil }
    return count == 0 || (errno != EAGAIN && errno != EINTR)
  }

  /// Waits for what a call asks for, and lets it go on, until it has ended.
  func finish(_ first: Int32, _ resume: (UnsafeMutablePointer<MYSQL>, Int32) -> Int32) async {
    var status = first
    while status != 0, let readiness {
      if status & MYSQL_WAIT_WRITE != 0 { await readiness.readableOrWritable() } else { await readiness.readable() }
      status = resume(handle, status & (MYSQL_WAIT_READ | MYSQL_WAIT_WRITE))
    }
  }

  /// The columns of the next row as numbers; nil for NULL, and nil for the whole when there is no row left.
  func nextRow() -> (first: Int64?, second: Int64?, third: Int64?)? {
    guard let result, let row = mysql_fetch_row(result) else { return nil }
    let columns = mysql_num_fields(result)
    return (Self.number(row, 0, of: columns), Self.number(row, 1, of: columns), Self.number(row, 2, of: columns))
  }

  /// The first column of the next row as the server has spelt it, until the next statement; nil when there is no row.
  func nextText() -> UnsafeRawBufferPointer? {
    guard let result, let row = mysql_fetch_row(result), let lengths = mysql_fetch_lengths(result), let bytes = row[0]
    else { return nil }
    return UnsafeRawBufferPointer(start: bytes, count: Int(lengths[0]))
  }

  private static func number(_ row: MYSQL_ROW, _ column: Int, of columns: UInt32) -> Int64? {
    guard column < columns, var next = row[column] else { return nil }
    let isNegative = next.pointee == CChar(bitPattern: UInt8(ascii: "-"))
    if isNegative { next += 1 }
    var value: Int64 = 0
    while next.pointee != 0 {
      value = value &* 10 &- Int64(next.pointee &- CChar(bitPattern: UInt8(ascii: "0")))
      next += 1
    }
    return isNegative ? value : 0 &- value
  }

  func discardResult() {
    if let result { mysql_free_result(result) }
    result = nil
  }

  func failure(_ decides: Bool) -> AttemptFailure { error.failure(decides: decides) }

  /// Its number.
  var error: ErrorCode { ErrorCode(number: mysql_errno(handle)) }
  /// What the server or the library said last.
  var errorText: String { "\(mysql_errno(handle)): " + String(cString: mysql_error(handle)) }
}

extension Address {
  /// `CLIENT_FOUND_ROWS`: rows that an update leaves as they were count, too, as with every library for applications.
  static let countsMatchedRows: UInt = 2
}
#endif
