/// Reads the JSON of one line after the other, without a tree of values.
struct JSONScanner {
  private(set) var text: ByteScanner

  init(_ bytes: UnsafeBufferPointer<UInt8>) { text = ByteScanner(bytes) }

  /// Whether nothing is left: what was being read when a problem was met may have been cut off.
  var isAtEnd: Bool { text.next == nil }

  func problem(_ message: String) -> HistoryProblem { text.problem(message) }

  private mutating func skipBlanks() {
    while let byte = text.next, byte == 0x20 || byte == 0x09 || byte == 0x0D { text.advance() }
  }

  /// Goes to the next line that is not empty; false at the end of the file.
  mutating func beginLine() -> Bool {
    while let byte = text.next, byte <= 0x20 { text.advance() }
    return text.next != nil
  }

  /// Nothing may stand behind what was read.
  mutating func endLine() throws(HistoryProblem) {
    skipBlanks()
    if let next = text.next, next != UInt8(ascii: "\n") {
      throw problem("the line should end here, but goes on with \(text.nextInWords)")
    }
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(HistoryProblem) {
    skipBlanks()
    if !text.skip(character) { throw problem("'\(character)' is expected, not \(text.nextInWords)") }
  }

  /// Calls `read` with the name of every member of an object, to read its value.
  mutating func object(_ read: (inout JSONScanner, String) throws(HistoryProblem) -> Void) throws(HistoryProblem) {
    try expect("{")
    skipBlanks()
    if text.skip("}") { return }
    repeat {
      skipBlanks()
      let name = try text.string()
      try expect(":")
      try read(&self, name)
      skipBlanks()
    } while text.skip(",")
    try expect("}")
  }

  /// Calls `read` for every element of an array.
  mutating func array(_ read: (inout JSONScanner) throws(HistoryProblem) -> Void) throws(HistoryProblem) {
    try expect("[")
    skipBlanks()
    if text.skip("]") { return }
    repeat {
      try read(&self)
      skipBlanks()
    } while text.skip(",")
    try expect("]")
  }

  mutating func integer() throws(HistoryProblem) -> Int64 {
    skipBlanks()
    return try text.integer()
  }

  /// A whole number or `null`.
  mutating func integerIfAny() throws(HistoryProblem) -> Int64? {
    skipBlanks()
    guard text.next == UInt8(ascii: "n") else { return try text.integer() }
    try literal("null")
    return nil
  }

  mutating func integers() throws(HistoryProblem) -> [Int64] {
    var values: [Int64] = []
    try array { scanner throws(HistoryProblem) in values.append(try scanner.integer()) }
    return values
  }

  mutating func string() throws(HistoryProblem) -> String {
    skipBlanks()
    return try text.string()
  }

  mutating func boolean() throws(HistoryProblem) -> Bool {
    skipBlanks()
    let isTrue = text.next == UInt8(ascii: "t")
    try literal(isTrue ? "true" : "false")
    return isTrue
  }

  private mutating func literal(_ word: String) throws(HistoryProblem) {
    let found = text.word { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
    if found != word {
      throw problem("'\(word)' is expected, not \(found.isEmpty ? text.nextInWords : "'\(found)'")")
    }
  }
}
