internal import CLibpq
internal import Model

/// What the server answered to the statements of one flush: whole numbers of a few rows, row counts, tags, an error.
///
/// One per connection, filled again for each flush, so that answers need no allocation beyond libpq's own.
struct Reply: ~Copyable {
  /// Rows over all statements of the flush.
  private(set) var rows = 0
  /// Rows that `UPDATE` statements changed, over all statements of the flush.
  private(set) var affected = 0
  /// Rows that `DELETE` statements removed, over all statements of the flush.
  private(set) var deleted = 0
  /// The state of the first error.
  private(set) var state = SQLState.none
  /// Whether there was an error; one without a state comes from libpq itself.
  private(set) var hasFailed = false
  /// Whether the server confirmed a commit: it answers `ROLLBACK` to the `COMMIT` of a failed transaction.
  private(set) var hasCommitted = false
  /// Whether the server has prepared the transaction: it answers `ROLLBACK` to the `PREPARE TRANSACTION` of a failed one.
  private(set) var hasPrepared = false
  /// The text of an error that is no part of the game.
  private(set) var errorText: String?
  /// Whether texts are kept, too; else they count as 0.
  var keepsText = false
  /// The text of the last row that has one as its first column.
  private(set) var text: [UInt8] = []
  /// Whether all rows are kept, which may need more memory; else as many as the longest event of a saga has numbers.
  var keepsAllRows = false
  private var numbers = UnsafeMutablePointer<Int64>.allocate(capacity: Reply.usualCapacity * Reply.columns)
  /// The most rows that are kept.
  private var capacity = Reply.usualCapacity
  /// An event takes one row for each number, see ``SagaEvent/largestData``, besides which saga, which event, and for whom.
  private static let usualCapacity = 3 + SagaEvent.largestData
  /// The most columns that a row has.
  private static let columns = 3

  deinit { numbers.deallocate() }

  /// The number in a column of a row, both from 0.
  @inline(__always) subscript(row: Int, column: Int) -> Int64 { numbers[row &* Reply.columns &+ column] }

  /// Forgets everything.
  @inline(__always) mutating func clear() {
    rows = 0
    affected = 0
    deleted = 0
    if _slowPath(hasFailed) {
      state = .none
      hasFailed = false
      errorText = nil
    }
    hasCommitted = false
    hasPrepared = false
  }

  /// Takes what a result holds; the caller frees it.
  @inline(__always) mutating func take(_ result: OpaquePointer, conflictsByConstraint: Bool) {
    switch PQresultStatus(result) {
    case PGRES_TUPLES_OK: takeRows(result)
    case PGRES_COMMAND_OK: takeTag(result)
    case PGRES_FATAL_ERROR: takeError(result, conflictsByConstraint: conflictsByConstraint)
    default: break
    }
  }

  private mutating func takeRows(_ result: OpaquePointer) {
    if _slowPath(keepsAllRows) { makeRoom(for: rows + Int(PQntuples(result))) }
    let count = min(Int(PQntuples(result)), capacity - rows)
    let columns = min(Int(PQnfields(result)), Reply.columns)
    if _slowPath(keepsText) { keepText(result) }
    for row in 0..<count {
      for column in 0..<columns {
        numbers[(rows &+ row) &* Reply.columns &+ column] = Reply.number(result, Int32(row), Int32(column))
      }
    }
    rows &+= count
  }

  private mutating func makeRoom(for needed: Int) {
    guard needed > capacity else { return }
    let larger = UnsafeMutablePointer<Int64>.allocate(capacity: 2 * needed * Reply.columns)
    larger.update(from: numbers, count: rows * Reply.columns)
    numbers.deallocate()
    (numbers, capacity) = (larger, 2 * needed)
  }

  private mutating func keepText(_ result: OpaquePointer) {
    guard PQntuples(result) > 0, PQftype(result, 0) == Reply.textType, let bytes = PQgetvalue(result, 0, 0) else {
      return
    }
    text.removeAll(keepingCapacity: true)
    text.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: Int(PQgetlength(result, 0, 0))))
  }

  private static let textType: Oid = 25

  /// A number in binary format; `void` and null are 0.
  @inline(__always) private static func number(_ result: OpaquePointer, _ row: Int32, _ column: Int32) -> Int64 {
    guard let bytes = UnsafeRawPointer(PQgetvalue(result, row, column)) else { return 0 }
    switch PQgetlength(result, row, column) {
    case 8: return Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
    case 4: return Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
    case 1: return Int64(bytes.load(as: UInt8.self))
    default: return 0
    }
  }

  /// The number behind `UPDATE ` or `DELETE `.
  @inline(__always) private static func count(in tag: UnsafePointer<CChar>) -> Int {
    var position = 7
    var count = 0
    while tag[position] >= 48 && tag[position] <= 57 {
      count = count &* 10 &+ Int(tag[position] &- 48)
      position &+= 1
    }
    return count
  }

  /// `UPDATE 1`, `DELETE 3`, `COMMIT`, `ROLLBACK`, ...
  private mutating func takeTag(_ result: OpaquePointer) {
    guard let tag = PQcmdStatus(result) else { return }
    if tag[0] == 85 /* U */ {
      affected &+= Self.count(in: tag)
    } else if tag[0] == 68 /* D */ && tag[1] == 69 /* E */ && tag[2] == 76 /* L */ {
      deleted &+= Self.count(in: tag)
    } else if tag[0] == 67 /* C */ && tag[1] == 79 /* O */ {
      hasCommitted = true
    } else if tag[0] == 80 /* P */ {
      hasPrepared = true
    }
  }

  /// The first error counts: libpq may append one without a state when the server closes the connection after it.
  private mutating func takeError(_ result: OpaquePointer, conflictsByConstraint: Bool) {
    guard !hasFailed else { return }
    hasFailed = true
    state = SQLState(PQresultErrorField(result, clibpq_diag_sqlstate))
    if state.failure(conflictsByConstraint: conflictsByConstraint) == .error {
      fail(String(cString: PQresultErrorMessage(result)))
    }
  }

  /// Records that the server has ended the session, and why, before it was sent anything.
  mutating func fail(with parting: SQLState) {
    hasFailed = true
    state = parting
  }

  /// Records an error that no result carries. Only the first line is kept: the others quote the statement.
  mutating func fail(_ text: String) {
    hasFailed = true
    errorText = errorText ?? text.split(separator: "\n").first.map(String.init)
  }
}
