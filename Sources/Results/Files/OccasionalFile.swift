internal import Glibc

/// A table of a results folder that most runs have nothing for: its file is made with its first row.
struct OccasionalFile<Row> {
  private let table: Table<Row>
  private let path: String
  private var file: AppendOnlyFile?

  /// A table in a folder; nothing is made yet.
  init(_ table: Table<Row>, in folder: String) {
    self.table = table
    path = folder + "/" + table.file
  }

  /// Bytes of the lines that were written completely: what ``truncate(to:)`` goes back to. A file that was made stays, with
  /// its header.
  var length: off_t { file?.length ?? off_t(table.header.utf8.count) }

  /// Adds rows and waits until they are on the disk; does nothing without a row.
  mutating func append(_ rows: [Row]) throws(ResultsFailure) {
    guard !rows.isEmpty else { return }
    let file = if let file { file } else { try AppendOnlyFile(creating: path, header: table.header) }
    self.file = file
    try file.append(table.lines(rows))
    try file.synchronize()
  }

  /// Takes back what was added after the file had this length.
  func truncate(to former: off_t) { file?.truncate(to: former) }
}
