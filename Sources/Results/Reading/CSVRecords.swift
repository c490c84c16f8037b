/// The records of a CSV file by RFC 4180: quoted fields may hold commas, quotes and line ends.
struct CSVRecords {
  /// A record, and the line on which it begins.
  typealias Record = (line: Int, fields: [String])
  /// All records, the header among them.
  private(set) var records: [Record] = []

  private let path: String
  private var fields: [String] = []
  private var field: [UInt8] = []
  private var line = 1

  /// Splits a file. Line feeds and pairs of carriage return and line feed both end a record; a byte order mark and empty
  /// lines, which spreadsheets leave, are passed over.
  ///
  /// - Throws: when the file ends inside a record, or when it is not CSV.
  init(_ file: StoredFile) throws(ResultsFailure) {
    path = file.path
    let bytes = file.bytes
    var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var start = line
    while index < bytes.count {
      if bytes[index] == quote { try readQuoted(bytes, &index) } else { try readPlain(bytes, &index) }
      guard index < bytes.count else { throw StoredFile.cutOff(path, line: line) }
      try endField()
      if bytes[index] == lineFeed {
        if fields != [""] { records.append((start, fields)) }
        fields = []
        line += 1
        start = line
      } else if index + 1 == bytes.count {
        throw StoredFile.cutOff(path, line: line)
      }
      index += 1
    }
  }

  /// Reads up to the comma or line feed that ends the field.
  private mutating func readPlain(_ bytes: [UInt8], _ index: inout Int) throws(ResultsFailure) {
    while index < bytes.count, bytes[index] != comma, bytes[index] != lineFeed {
      guard bytes[index] != quote else { throw malformed("a quote inside a field that does not begin with one") }
      field.append(bytes[index])
      index += 1
    }
    if index < bytes.count, bytes[index] == lineFeed, field.last == carriageReturn { field.removeLast() }
  }

  /// Reads from the opening quote up to the comma or line feed that follows the closing one.
  private mutating func readQuoted(_ bytes: [UInt8], _ index: inout Int) throws(ResultsFailure) {
    index += 1
    while index < bytes.count {
      if bytes[index] == quote {
        guard index + 1 < bytes.count, bytes[index + 1] == quote else { break }
        index += 1
      }
      if bytes[index] == lineFeed { line += 1 }
      field.append(bytes[index])
      index += 1
    }
    index += 1
    if index < bytes.count, bytes[index] == carriageReturn { index += 1 }
    guard index >= bytes.count || bytes[index] == comma || bytes[index] == lineFeed else {
      throw malformed("text after the closing quote of a field")
    }
  }

  private mutating func endField() throws(ResultsFailure) {
    guard let text = String(validating: field, as: UTF8.self) else { throw StoredFile.notUTF8(path, line: line) }
    fields.append(text)
    field.removeAll(keepingCapacity: true)
  }

  private func malformed(_ problem: String) -> ResultsFailure {
    ResultsFailure(path, line: line, problem, remedy: StoredRow.remedy)
  }
}

private let quote = UInt8(ascii: "\"")
private let comma = UInt8(ascii: ",")
private let lineFeed = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
