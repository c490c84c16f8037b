internal import Model

/// What an adapter says of itself.
struct Hello {
  /// The version that it speaks, of those that it was offered.
  private(set) var version: Int = 0
  private(set) var name: String?
  private(set) var library: String?
  private(set) var libraryVersion: String?
  /// What it is: `lock` or `operations`.
  private(set) var role: String = ""
  /// Whether it numbers its grants.
  private(set) var fencing: Bool?
  /// Whether readers may share its locks.
  private(set) var shared: Bool?
  /// How it serves several workers: `threads`, `async` or `one`.
  private(set) var concurrency: String?
  /// How many workers one program serves.
  private(set) var maxWorkers: Int?

  /// The version of the protocol.
  static let version = 1

  /// Reads the line; nil when a member is missing or of another kind.
  init?(line: [UInt8]) {
    do { try line.withUnsafeBytes { try read($0) } } catch { return nil }
  }

  private mutating func read(_ bytes: UnsafeRawBufferPointer) throws(Malformed) {
    var cursor = JSONCursor(bytes)
    var (hasVersion, hasRole) = (false, false)
    try cursor.expect("{")
    if try !cursor.take("}") {
      repeat {
        let member = try cursor.text()
        try cursor.expect(":")
        if member.equals("version") {
          guard let number = try cursor.integer() else { throw Malformed() }
          version = Int(number)
          hasVersion = true
        } else if member.equals("role") {
          role = try cursor.text().copy
          hasRole = true
        } else {
          try readOptional(member, &cursor)
        }
      } while try cursor.take(",")
      try cursor.expect("}")
    }
    try cursor.expectEnd()
    guard hasVersion && hasRole else { throw Malformed() }
  }

  private mutating func readOptional(_ member: JSONCursor.Text, _ cursor: inout JSONCursor) throws(Malformed) {
    if member.equals("name") {
      name = try cursor.optionalText()
    } else if member.equals("library") {
      library = try cursor.optionalText()
    } else if member.equals("library_version") {
      libraryVersion = try cursor.optionalText()
    } else if member.equals("fencing") {
      fencing = try cursor.flag()
    } else if member.equals("shared") {
      shared = try cursor.flag()
    } else if member.equals("concurrency") {
      concurrency = try cursor.optionalText()
    } else if member.equals("max_workers") {
      maxWorkers = try cursor.integer().map(Int.init)
    } else {
      try cursor.skip()
    }
  }

  /// Why it cannot be used; nil when it can.
  ///
  /// - Parameters:
  ///   - role: what the scenario says that it is.
  ///   - workers: how many workers share the program.
  ///   - needsTokens: whether records are to compare the numbers of its grants.
  func problem(role: AdapterRole, workers: Int, needsTokens: Bool) -> String? {
    if version != Self.version {
      return "speaks version \(version) of the protocol, and contend version \(Self.version)"
    }
    guard let own = AdapterRole(rawValue: self.role) else {
      return "says that its role is '\(self.role)', where only lock and operations are known"
    }
    if own != role { return "is \(own.phrase), but the scenario takes it for \(role.phrase); state 'as: \(own.key)'" }
    if needsTokens && fencing != true {
      return
        "gives no fencing tokens (its hello does not say 'fencing'), so that records have nothing to compare; remove "
        + "'fence'"
    }
    if workers > 1, concurrency == "one" || workers > maxWorkers ?? .max {
      return "serves \(concurrency == "one" ? 1 : maxWorkers ?? 1) of \(workers) workers that would share it; state "
        + "'programs: per-worker'"
    }
    return nil
  }
}

/// What an adapter is.
enum AdapterRole: String, Sendable {
  /// It keeps others out; contend reads and writes.
  case lock
  /// It does whole operations.
  case operations

  /// How a scenario states it.
  var key: String { self == .lock ? "lock" : "records" }
  /// With its article.
  var phrase: String { self == .lock ? "a lock" : "one that does whole operations" }
}
