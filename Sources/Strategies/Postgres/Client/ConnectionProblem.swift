internal import CLibpq
internal import Model

/// Turns what libpq says about a connection that could not be opened into one sentence that says what to do.
enum ConnectionProblem {
  /// - Parameters:
  ///   - connection: a failed connection whose verbosity is that of ``prepare(_:)``. Borrowed.
  ///   - source: where scenario files state the address.
  static func failure(of connection: OpaquePointer, _ source: String) -> SetupFailure {
    let (state, text) = parts(String(cString: PQerrorMessage(connection)))
    if PQconnectionNeedsPassword(connection) == 1 {
      return SetupFailure("PostgreSQL wants a password: set PGPASSWORD, or state it in \(source) (\(text))")
    }
    switch state {
    case .invalidPassword, .invalidAuthorization:
      return SetupFailure(
        "PostgreSQL refused the login: correct user and password in \(source) or PGPASSWORD (\(text))")
    case .invalidCatalogName:
      return SetupFailure("the database does not exist: create it, or name another in \(source) (\(text))")
    case .tooManyConnections:
      return SetupFailure(
        "PostgreSQL has no free connection: lower load.workers or raise max_connections (\(text))")
    case .cannotConnectNow:
      return SetupFailure("PostgreSQL is starting or stopping: try again (\(text))")
    case .none:
      return SetupFailure(
        "PostgreSQL cannot be reached: start it, or correct host and port in \(source) (\(text))")
    default:
      return SetupFailure("PostgreSQL refused the connection (\(text))")
    }
  }

  /// Says that a server did not answer in time.
  static func timeout(seconds: Int, _ source: String) -> SetupFailure {
    SetupFailure(
      "PostgreSQL did not answer within \(seconds) s: check host and port in \(source)")
  }

  /// Prepares a connection that has just been started.
  ///
  /// Messages get the SQLSTATE: nothing else tells it before the session is open, and the words depend on the server's
  /// language. Notices are dropped: libpq would print them, one for every unlock that finds nothing.
  static func prepare(_ connection: OpaquePointer) {
    _ = PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
    PQsetNoticeProcessor(connection, { _, _ in }, nil)
  }

  /// The state and the sentence of a verbose message: `... FATAL:  28P01: password ...`, then `LOCATION: ...`.
  static func parts(_ message: String) -> (state: SQLState, text: String) {
    var state = SQLState.none
    let lines = message.split(separator: "\n").map { line in
      line.drop { $0 == " " || $0 == "\t" }
    }
    let kept = lines.filter { !$0.hasPrefix("LOCATION:") }.map { line in
      guard let found = line.firstRange(of: ":  ") else { return String(line) }
      let rest = line[found.upperBound...]
      guard rest.prefix(5).allSatisfy({ $0.isASCII && ($0.isUppercase || $0.isNumber) }),
        rest.dropFirst(5).hasPrefix(": ")
      else { return String(line) }
      state = String(rest.prefix(5)).withCString { SQLState($0) }
      return line[..<found.lowerBound] + ": " + rest.dropFirst(7)
    }
    return (state, kept.joined(separator: " "))
  }
}

/// The state with which a server ends a session that nothing was sent on; libpq passes it on as a notice.
///
/// Owns the memory that libpq writes to; to be kept as long as the connection.
struct PartingWord: ~Copyable {
  private let word = UnsafeMutablePointer<SQLState>.allocate(capacity: 1)

  init() { word.initialize(to: .none) }

  deinit { word.deallocate() }

  /// The state; ``SQLState/none`` as long as the server has not said farewell.
  var state: SQLState { word.pointee }

  /// Takes the notices of a connection. All others are dropped: libpq would print them.
  func listen(to connection: OpaquePointer) {
    PQsetNoticeReceiver(
      connection,
      { word, notice in
        let state = SQLState(PQresultErrorField(notice, clibpq_diag_sqlstate))
        guard state.failure(conflictsByConstraint: false) == .connectionLost else { return }
        word?.assumingMemoryBound(to: SQLState.self).pointee = state
      }, word)
  }
}
