public import Model

/// An answer as one text, for a store to keep: a head with the number of columns and of all rows, then names and values,
/// each with the number of its bytes before it.
extension QueryAnswer {
  /// The text.
  public var keptText: String {
    let cells = columns.map(Optional.some) + rows.flatMap { $0 }
    return "\(columns.count) \(count) "
      + cells.map { cell in cell.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined(separator: ",")
  }

  /// Reads a text again; nil when it is none.
  public init?(keptText text: String) {
    let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let width = Int(parts[0]), let count = Int(parts[1]), width >= 0 else { return nil }
    var cells: [String?] = []
    var rest = parts[2].utf8[...]
    while !rest.isEmpty {
      if rest.first == UInt8(ascii: "-") {
        cells.append(nil)
        rest = rest.dropFirst()
      } else {
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")), let length = Int(String(rest[..<colon]) ?? "")
        else { return nil }
        let bytes = rest[rest.index(after: colon)...]
        guard length >= 0, length <= bytes.count else { return nil }
        cells.append(String(bytes.prefix(length)) ?? "")
        rest = bytes.dropFirst(length)
      }
      // The comma before the next one.
      rest = rest.dropFirst()
    }
    guard width > 0 ? cells.count >= width && cells.count % width == 0 : cells.isEmpty else { return nil }
    let rows = stride(from: width, to: cells.count, by: max(1, width)).map { Array(cells[$0..<$0 + width]) }
    self.init(columns: cells.prefix(width).map { $0 ?? "" }, rows: rows, count: count)
  }
}
