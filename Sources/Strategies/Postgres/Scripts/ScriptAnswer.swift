internal import CLibpq

/// The results of one statement of a script, or of those of a pipeline. Owns the rows that it keeps.
struct ScriptAnswer: ~Copyable {
  /// Rows that the last statement changed, or returned if it changed none.
  private(set) var count = 0
  /// Transactions that were committed by a word.
  private(set) var commits: Int64 = 0
  /// What the last statement did with a transaction.
  private(set) var lastWord = Word.other
  /// The last result that has rows, if rows are kept.
  private(set) var kept: OpaquePointer?
  /// Those before it, of statements that went out as one.
  private(set) var earlier: [OpaquePointer] = []
  private let keepsRows: Bool

  /// What a statement does with a transaction, by its tag.
  enum Word {
    case commit, rollback, other
  }

  init(keepsRows: Bool) { self.keepsRows = keepsRows }

  deinit {
    PQclear(kept)
    for result in earlier { PQclear(result) }
  }

  /// Takes a result with rows; false when the caller must clear it.
  mutating func take(rows result: OpaquePointer) -> Bool {
    lastWord = .other
    count = Int(PQntuples(result))
    guard keepsRows, count > 0 else { return false }
    if let kept { earlier.append(kept) }
    kept = result
    return true
  }

  /// Takes the tag of a result: `UPDATE 1`, `INSERT 0 1`, `COMMIT`, `ROLLBACK`, ...
  mutating func take(tag: UnsafePointer<CChar>?) {
    guard let tag else { return }
    lastWord = .other
    count = 0
    if tag[0] == 67 /* C */ && tag[1] == 79 /* O */ && tag[2] == 77 /* M */ {
      commits &+= 1
      lastWord = .commit
    } else if tag[0] == 82 /* R */ && tag[1] == 79 /* O */ {
      lastWord = .rollback
    } else {
      count = Self.lastNumber(of: tag)
    }
  }

  private static func lastNumber(of tag: UnsafePointer<CChar>) -> Int {
    var number = 0
    var position = 0
    while tag[position] != 0 {
      let digit = Int(tag[position]) &- 48
      number = digit >= 0 && digit <= 9 ? number &* 10 &+ digit : 0
      position &+= 1
    }
    return number
  }
}
