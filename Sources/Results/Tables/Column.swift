/// What a column holds, and how files and their readers spell it.
enum ColumnKind: String {
  /// A whole number within ±2^53.
  case integer
  /// A number with a decimal point.
  case number
  /// `true` or `false`.
  case boolean
  /// UTF-8 text on one line.
  case text
  /// RFC 3339, UTC.
  case time
}

/// One column of a file: everything about it in one place, so that header, rows and documentation cannot part.
struct Column<Row>: Sendable {
  /// Name in the header: snake case, with the unit at its end.
  let name: String
  /// What it holds.
  let kind: ColumnKind
  /// Whether a row may leave it empty.
  let mayBeEmpty: Bool
  /// What it means, for the documentation.
  let meaning: String
  /// The field of a row as the file states it; empty when missing.
  let field: @Sendable (Row) -> String
}

extension Column {
  /// A whole number that is never missing.
  static func integer(
    _ name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> some BinaryInteger & SendableMetatype
  ) -> Column {
    Column(name: name, kind: .integer, mayBeEmpty: false, meaning: meaning) { String(value($0)) }
  }

  /// A whole number that may be missing.
  static func integer<Value: BinaryInteger & SendableMetatype>(
    ifAny name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> Value?
  ) -> Column {
    Column(name: name, kind: .integer, mayBeEmpty: true, meaning: meaning) { value($0).map { String($0) } ?? "" }
  }

  /// A number; missing when it is nil, infinite or not a number.
  static func number(_ name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> Double?) -> Column {
    Column(name: name, kind: .number, mayBeEmpty: true, meaning: meaning) { row in
      value(row).flatMap { $0.isFinite ? "\($0)" : nil } ?? ""
    }
  }

  /// True or false, never missing.
  static func boolean(_ name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> Bool) -> Column {
    Column(name: name, kind: .boolean, mayBeEmpty: false, meaning: meaning) { value($0) ? "true" : "false" }
  }

  /// True, false or missing.
  static func boolean(ifAny name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> Bool?) -> Column {
    Column(name: name, kind: .boolean, mayBeEmpty: true, meaning: meaning) { row in
      value(row).map { $0 ? "true" : "false" } ?? ""
    }
  }

  /// Text that is never missing.
  static func text(_ name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> String) -> Column {
    Column(name: name, kind: .text, mayBeEmpty: false, meaning: meaning) { CSV.field(value($0)) }
  }

  /// Text that may be missing.
  static func text(ifAny name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> String?) -> Column {
    Column(name: name, kind: .text, mayBeEmpty: true, meaning: meaning) { CSV.field(value($0) ?? "") }
  }

  /// A moment, in seconds since 1970; missing when it is nil.
  static func time(_ name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> Double?) -> Column {
    Column(name: name, kind: .time, mayBeEmpty: true, meaning: meaning) { value($0).map(Timestamp.rfc3339) ?? "" }
  }
}

/// A file of rows: its name and its columns, in their order. New columns are only ever added at the end.
struct Table<Row>: Sendable {
  /// Name of the file in a results folder.
  let file: String
  /// Columns, in the order of the file.
  let columns: [Column<Row>]

  /// The first line.
  var header: String { columns.map(\.name).joined(separator: ",") + "\n" }
  /// One line per row.
  func lines(_ rows: [Row]) -> String {
    rows.map { row in columns.map { $0.field(row) }.joined(separator: ",") + "\n" }.joined()
  }
}

/// RFC 4180, kept to one line per record.
enum CSV {
  /// A text as a field: control characters become blanks, quotes are added where they are needed.
  static func field(_ text: String) -> String {
    let line = String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    let plain = !line.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }
    if plain && line.first != " " && line.last != " " { return line }
    return "\"" + line.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
