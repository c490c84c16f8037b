internal import CLibpq
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// A blocking session for the driver: whole texts in, whole texts out.
///
/// Owns the `PGconn` and frees it.
final class AdministrationConnection: DriverSession {
  /// Transactions of this session that the server committed, the start of the session included.
  private(set) var commits: Int64 = 1
  /// Transactions of this session that the server rolled back.
  private(set) var rollbacks: Int64 = 0
  /// The session was lost in the middle of a statement: the server may have counted its transaction or not.
  private(set) var isDoubtful = false
  private let handle: OpaquePointer

  private static let timeoutSeconds = 10

  /// A statement that the server refused.
  struct Refusal: Error {
    let state: SQLState
    let text: String
    /// Where in the text that was sent, in characters from 1; nil where the server does not say.
    var position: Int?
  }

  /// Connects; waits 10 s at most.
  ///
  /// - Parameters:
  ///   - name: under which the server lists the session; the driver's unless stated.
  ///   - database: another one than that of the address.
  init(
    _ address: ConnectionAddress, namespace: String, name: String? = nil, database: String? = nil
  ) throws(SetupFailure) {
    let name = name ?? SessionNames.driver(namespace)
    let started = address.withKeywords(applicationName: name, database: database) { PQconnectStartParams($0, $1, 1) }
    guard let started else { throw SetupFailure("out of memory") }
    do throws(SetupFailure) {
      try Self.finishConnecting(started, address.source)
    } catch {
      PQfinish(started)
      throw error
    }
    _ = PQsetErrorVerbosity(started, PQERRORS_DEFAULT)
    handle = started
  }

  deinit { PQfinish(handle) }

  /// Connects step by step: the SQLSTATE of a refusal is only in verbose messages, and there is no way to ask for these
  /// before the connection object exists.
  private static func finishConnecting(_ handle: OpaquePointer, _ source: String) throws(SetupFailure) {
    ConnectionProblem.prepare(handle)
    if PQstatus(handle) == CONNECTION_BAD { throw ConnectionProblem.failure(of: handle, source) }
    let deadline = monotonicNow() + Int64(timeoutSeconds) * 1_000_000_000
    var direction = PGRES_POLLING_WRITING
    while direction != PGRES_POLLING_OK {
      let events = direction == PGRES_POLLING_READING ? POLLIN : POLLOUT
      var descriptor = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
      if poll(&descriptor, 1, 100) <= 0 && monotonicNow() > deadline {
        throw ConnectionProblem.timeout(seconds: timeoutSeconds, source)
      }
      if descriptor.revents != 0 { direction = PQconnectPoll(handle) }
      if direction == PGRES_POLLING_FAILED { throw ConnectionProblem.failure(of: handle, source) }
    }
  }

  /// Whether the session is known to be lost.
  var isLost: Bool { PQstatus(handle) == CONNECTION_BAD || hasPeerEnded(PQsocket(handle)) }
  /// Version of the server as one number: 150020 is 15.20.
  var serverVersion: Int { Int(PQserverVersion(handle)) }

  /// The process that the server named when the session was opened. A pooler invents one.
  var announcedProcess: Int { Int(PQbackendPID(handle)) }

  func isAnswered() -> Bool {
    do throws(Refusal) {
      try run("SELECT 1")
      return true
    } catch {
      isDoubtful = false
      return false
    }
  }

  /// Runs one statement with text parameters. Returns its rows; null is an empty text.
  @discardableResult
  func run(_ sql: String, _ parameters: [String] = []) throws(Refusal) -> [[String]] {
    try take(
      withCStrings(parameters) { values in
        PQexecParams(handle, sql, Int32(parameters.count), nil, values, nil, nil, 0)
      })
  }

  /// Runs a command by the simple query protocol, the only one that consoles of poolers speak. Returns its rows.
  func runSimple(_ command: String) throws(Refusal) -> [[String]] { try take(PQexec(handle, command)) }

  /// The rows of a result, which is freed.
  private func take(_ result: OpaquePointer?) throws(Refusal) -> [[String]] {
    defer { PQclear(result) }
    try check(result)
    return (0..<PQntuples(result)).map { row in
      (0..<PQnfields(result)).map { column in
        PQgetvalue(result, row, column).map { String(cString: $0) } ?? ""
      }
    }
  }

  /// Runs a query of a user. Returns its columns and first rows.
  func ask(_ query: String, limit: Int) throws(Refusal) -> QueryAnswer {
    let result = PQexecParams(handle, query, 0, nil, nil, nil, nil, 0)
    defer { PQclear(result) }
    try check(result)
    return QueryAnswer(result, limit: limit)
  }

  /// Counts a result.
  ///
  /// - Throws: when it is an error.
  private func check(_ result: OpaquePointer?) throws(Refusal) {
    switch PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: commits += 1
    case PGRES_COPY_IN, PGRES_COPY_OUT:
      // The next command ends it, and rolls it back.
      rollbacks += 1
      throw Refusal(
        state: .none, text: "COPY from and to the client has no other end here; use INSERT, or a file of the server")
    default:
      if isLost { isDoubtful = true } else { rollbacks += 1 }
      let state = SQLState(PQresultErrorField(result, clibpq_diag_sqlstate))
      let text = PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
      throw Refusal(
        state: state, text: text.split(separator: "\n").first.map(String.init) ?? "no reason given",
        position: PQresultErrorField(result, clibpq_diag_position).flatMap { Int(String(cString: $0)) })
    }
  }
}
