#if SQLite
internal import CSQLite
internal import Model

/// A result code of SQLite, with its extension in the upper bits (manual, "Result and Error Codes").
struct ResultCode: Equatable, Sendable {
  let number: Int32

  /// The lower bits: the kind of result.
  var primary: Int32 { number & 0xff }

  /// A transaction that has read wants to write, but somebody has written since: waiting would never help, so SQLite
  /// does not wait. `SQLITE_BUSY | (2 << 8)`, an expression that Swift does not import.
  static let busySnapshot = ResultCode(number: 517)

  /// What it means for an attempt that has been rolled back.
  var failure: AttemptFailure {
    if self == .busySnapshot { return .conflict }
    switch primary {
    case SQLITE_BUSY, SQLITE_LOCKED: return .lockTimeout
    default: return .error
    }
  }

  /// Whether a deciding statement that ended so may have reached the file nevertheless.
  var leavesDoubt: Bool { primary == SQLITE_IOERR }

  /// SQLite's own words for it.
  var text: String { String(cString: sqlite3_errstr(number)) }
}

/// Why a statement did not do its work.
enum Refusal: Error {
  /// SQLite says so.
  case code(ResultCode)
  /// A record that must be there is not.
  case missingRecord
  /// The version was not the one that was read.
  case versionMoved
  /// The record has seen a greater fencing token.
  case tokenOutdated
}
#endif
