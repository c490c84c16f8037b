#if MariaDB
internal import Model

/// An error number of the server (from 1000) or of the library (from 2000).
struct ErrorCode: Equatable {
  let number: UInt32

  /// How the attempt failed (MariaDB Error Codes; which of them end the transaction was tried on 10.11).
  ///
  /// - Parameter decides: whether the statement may have had its effect when its answer was lost.
  func failure(decides: Bool) -> AttemptFailure {
    switch number {
    // ER_LOCK_DEADLOCK: the transaction is rolled back.
    case 1213: .deadlock
    // ER_LOCK_WAIT_TIMEOUT, also NOWAIT: only the statement is rolled back. ER_STATEMENT_TIMEOUT (1969) and
    // ER_QUERY_INTERRUPTED (1317) are no limits of a lock, and so errors.
    case 1205: .lockTimeout
    // ER_CHECKREAD: the row has changed since the snapshot (innodb_snapshot_isolation).
    case 1020: .conflict
    // CR_SERVER_GONE_ERROR: found dead before anything was sent.
    case 2006: .connectionLost
    // CR_SERVER_LOST, CR_SERVER_LOST_EXTENDED, ER_CONNECTION_KILLED, ER_SERVER_SHUTDOWN, CR_MALFORMED_PACKET,
    // ER_NET_READ_ERROR and its like.
    case 2013, 2055, 1927, 1053, 2027, 1158...1161: decides ? .ambiguous : .connectionLost
    default: .error
    }
  }

  /// What to say of an unexpected error; the text is the server's.
  func note(_ text: String) -> String {
    switch number {
    case 1969:
      "MariaDB cancelled a statement: max_statement_time of the user or the server had passed; raise it, or hold locks "
        + "for shorter (\(text))"
    case 1317: "MariaDB cancelled a statement at somebody's request (\(text))"
    default: "MariaDB: \(text)"
    }
  }

  /// ER_UNKNOWN_SYSTEM_VARIABLE: an earlier version.
  var isUnknownVariable: Bool { number == 1193 }

  /// ER_UNSUPPORTED_PS: the statement can only be sent as a text.
  var isUnprepared: Bool { number == 1295 }

  /// XAER_NOTA: there is no such branch, or its session is still there.
  var isUnknownBranch: Bool { number == 1397 }

  /// Whether it says that the session is over: CR_SERVER_GONE_ERROR, CR_SERVER_LOST and its like, and what a server says
  /// before it closes: 4031 is ER_CLIENT_INTERACTION_TIMEOUT, an idle session.
  var endsSession: Bool {
    switch number {
    case 2006, 2013, 2055, 1927, 1053, 2027, 1158...1161, 4031: true
    default: false
    }
  }

  /// Why a session could not be opened; the text is the server's or the library's.
  func openingFailure(_ address: Address, _ text: String) -> SetupFailure {
    switch number {
    case 1045, 1698:
      SetupFailure("MariaDB refused the login: correct user and password in services.mariadb or MYSQL_PWD (\(text))")
    case 1040, 1203, 1226:
      SetupFailure(
        "MariaDB has no free connection: lower load.workers or raise max_connections (\(text))")
    case 1044, 1227:
      SetupFailure(
        "MariaDB does not allow us to make a database for the run: grant the user CREATE on it, or name another user in "
          + "services.mariadb (\(text))")
    case 2002, 2003, 2005, 2006, 2013, 1053:
      SetupFailure("MariaDB cannot be reached at \(address): is it running there? (\(text))")
    default: SetupFailure("MariaDB refused the session: \(text)")
    }
  }
}
#endif
