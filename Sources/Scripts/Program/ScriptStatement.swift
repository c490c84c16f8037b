/// One statement of a script.
public struct ScriptStatement: Sendable {
  /// A part of its text in simple mode.
  public enum Piece: Sendable, Equatable {
    /// As it stands.
    case text(String)
    /// The value of a variable, by slot.
    case variable(Int)
  }

  /// What becomes of its rows.
  public enum Capture: Sendable, Equatable {
    /// Nothing.
    case none
    /// `\gset`: exactly one row, whose columns become variables with this prefix.
    case row(prefix: String)
    /// `\aset`: the last row if there is one.
    case anyRow(prefix: String)
  }

  /// What a statement does, as far as it can be told from its first words.
  public enum Kind: Sendable, Equatable {
    /// `BEGIN`, `START TRANSACTION`.
    case begin
    /// `COMMIT`, `END`.
    case commit
    /// `ROLLBACK`, `ABORT`.
    case rollback
    /// Changes data: outside a transaction block it decides by itself.
    case write
    /// Anything else.
    case other
  }

  /// Its text with variables, for messages.
  public let text: String
  /// The text in parts.
  public let pieces: [Piece]
  /// The slots of its variables, in the order in which they stand; one that stands twice is there twice.
  public let parameters: [Int]
  /// What becomes of its rows.
  public let capture: Capture
  /// What it does.
  public let kind: Kind
  /// Whether it is an `UPDATE`, a `DELETE` or a `MERGE`: one that changes no row may well be a lost race.
  public let expectsRows: Bool
  /// Whether several statements go out as one (`\;`): in simple mode only.
  public let isCombined: Bool
  /// What its answers mean; the first that applies counts.
  public let rules: [ScriptRule]
  /// Where it begins.
  public let place: ScriptPlace
  /// Characters of each piece as it stands in the script.
  private let lengths: [Int]

  /// Where lines of its text begin.
  private let origins: [ReadStatement.Origin]

  /// - Parameter names: of the variables, by slot.
  init(
    pieces: [Piece], names: [String], capture: Capture, nature: StatementNature, isCombined: Bool, rules: [ScriptRule],
    place: ScriptPlace, origins: [ReadStatement.Origin]
  ) {
    self.pieces = pieces
    self.capture = capture
    self.isCombined = isCombined
    self.rules = rules
    self.place = place
    self.origins = origins
    kind = nature.kind
    expectsRows = nature.expectsRows
    parameters = pieces.compactMap { if case .variable(let slot) = $0 { slot } else { nil } }
    lengths = pieces.map { piece in
      switch piece {
      case .text(let text): text.unicodeScalars.count
      case .variable(let slot): names[slot].unicodeScalars.count + 1
      }
    }
    text = pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .variable(let slot): ":" + names[slot]
      }
    }.joined()
  }

  /// Where a character of ``text(numbered:)`` stands, as servers say where an error is.
  ///
  /// - Parameter character: from 1.
  public func place(ofCharacter character: Int, numbered: Bool) -> ScriptPlace {
    var rest = max(character - 1, 0)
    var position = 0
    var number = 0
    for (piece, length) in zip(pieces, lengths) {
      var sent = length
      if case .variable = piece {
        number += 1
        sent = numbered ? "$\(number)".count : 1
      }
      if rest < sent {
        if case .text = piece { position += rest }
        rest = 0
        break
      }
      rest -= sent
      position += length
    }
    guard let origin = origins.last(where: { $0.character <= position }) else { return place }
    return ScriptPlace(source: place.source, line: origin.line, column: origin.column + position - origin.character)
  }

  /// Its text with a placeholder for each of the ``parameters``: `$1`, `$2`, ... or `?`.
  public func text(numbered: Bool) -> String {
    var number = 0
    return pieces.map { piece in
      switch piece {
      case .text(let text): return text
      case .variable:
        number += 1
        return numbered ? "$\(number)" : "?"
      }
    }.joined()
  }
}

/// What an answer to a statement means for its operation.
public struct ScriptRule: Sendable, Equatable {
  /// What the answer must be.
  public enum Condition: Sendable, Equatable {
    /// As many rows were changed or returned.
    case rows(ClosedRange<Int>)
    /// An error of this SQLSTATE (five characters), of this class (two), or of this number (MariaDB, SQLite).
    case error(String)
  }

  /// What it means.
  public enum Meaning: Sendable, Equatable {
    /// Somebody else won: rolled back and tried again as the retry policy says.
    case conflict
    /// The business rule says no: rolled back, not tried again.
    case refused
    /// Tried again at once, counted as a conflict.
    case retry
    /// The operation has failed.
    case fail
    /// Nothing: the script goes on.
    case ignore
  }

  /// What the answer must be.
  public let condition: Condition
  /// What it means then.
  public let meaning: Meaning

  /// Makes a rule.
  public init(_ condition: Condition, _ meaning: Meaning) {
    self.condition = condition
    self.meaning = meaning
  }
}
