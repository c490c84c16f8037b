/// A CSV file of a results folder, read by the names of its columns: unknown columns are ignored.
struct StoredTable {
  /// Its rows, in their order.
  let rows: [StoredRow]

  /// Reads a table that every results folder has.
  init(_ path: String) throws(ResultsFailure) { self = try StoredTable(StoredFile(path)) }

  /// Reads a table that folders of earlier versions lack; nil when there is none.
  init?(ifPresent path: String) throws(ResultsFailure) {
    guard let file = try StoredFile(ifPresent: path) else { return nil }
    self = try StoredTable(file)
  }

  private init(_ file: StoredFile) throws(ResultsFailure) {
    let records = try CSVRecords(file).records
    guard let header = records.first else {
      throw ResultsFailure(file.path, line: 1, "the header is missing", remedy: StoredRow.remedy)
    }
    var columns: [String: Int] = [:]
    for (index, name) in header.fields.enumerated() where columns.updateValue(index, forKey: name) != nil {
      throw ResultsFailure(file.path, line: 1, "two columns are called '\(name)'", remedy: StoredRow.remedy)
    }
    var rows: [StoredRow] = []
    for record in records.dropFirst() {
      let row = StoredRow(path: file.path, line: record.line, columns: columns, fields: record.fields)
      guard record.fields.count == header.fields.count else {
        throw row.failure("\(record.fields.count) fields under a header of \(header.fields.count)")
      }
      let version: Int = try row.integer("schema_version")
      guard version == schemaVersion else {
        throw row.failure(
          "schema_version \(version) is not known here, only \(schemaVersion)",
          remedy: "read it with the version of contend that wrote it")
      }
      rows.append(row)
    }
    self.rows = rows
  }
}

/// A row of a stored table: fields by the name of their column, as values.
struct StoredRow {
  /// The file.
  let path: String
  /// The line of the file, from 1.
  let line: Int
  fileprivate let columns: [String: Int]
  fileprivate let fields: [String]

  fileprivate init(path: String, line: Int, columns: [String: Int], fields: [String]) {
    self.path = path
    self.line = line
    self.columns = columns
    self.fields = fields
  }

  /// What helps against damage that cannot be told apart from a careless edit.
  static let remedy = "copy the folder again, or undo the edit of this file"

  /// A failure at this row.
  func failure(_ problem: String, remedy: String = StoredRow.remedy) -> ResultsFailure {
    ResultsFailure(path, line: line, problem, remedy: remedy)
  }

  /// The field of a column; nil when the file has no such column.
  func field(_ name: String) -> String? { columns[name].map { fields[$0] } }

  /// A text that may be empty, of a column that must exist.
  func text(_ name: String) throws(ResultsFailure) -> String {
    guard let text = field(name) else {
      throw ResultsFailure(path, line: 1, "the column '\(name)' is missing", remedy: Self.remedy)
    }
    return text
  }

  /// A text; nil when the column is missing or the field empty.
  func text(ifAny name: String) -> String? { field(name).flatMap { $0.isEmpty ? nil : $0 } }

  /// A whole number.
  func integer<Value: FixedWidthInteger>(_ name: String) throws(ResultsFailure) -> Value {
    try value(name, try text(name), "a whole number") { Value($0) }
  }

  /// A whole number; nil when the column is missing or the field empty.
  func integer<Value: FixedWidthInteger>(ifAny name: String) throws(ResultsFailure) -> Value? {
    guard let text = text(ifAny: name) else { return nil }
    return try value(name, text, "a whole number") { Value($0) }
  }

  /// A finite number; nil when the column is missing or the field empty.
  func number(ifAny name: String) throws(ResultsFailure) -> Double? {
    guard let text = text(ifAny: name) else { return nil }
    return try value(name, text, "a number") { Double($0).flatMap { $0.isFinite ? $0 : nil } }
  }

  /// A moment in seconds since 1970; nil when the column is missing or the field empty.
  func time(ifAny name: String) throws(ResultsFailure) -> Double? {
    guard let text = text(ifAny: name) else { return nil }
    return try value(name, text, "a moment such as 2026-03-01T12:00:00.250Z", Timestamp.seconds(rfc3339:))
  }

  /// One of the words of an enumeration.
  func word<Value: RawRepresentable & CaseIterable>(_ name: String) throws(ResultsFailure) -> Value
  where Value.RawValue == String {
    let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
    return try value(name, try text(name), "one of \(words)") { Value(rawValue: $0) }
  }

  /// What a function makes of a text, which it must understand.
  func value<Value>(
    _ name: String, _ text: String, _ expected: String, _ parse: (String) -> Value?
  ) throws(ResultsFailure) -> Value {
    guard let value = parse(text) else {
      let shown = text.count > 40 ? String(text.prefix(40)) + "..." : text
      throw failure("\(name): '\(shown)' is not \(expected)")
    }
    return value
  }
}
