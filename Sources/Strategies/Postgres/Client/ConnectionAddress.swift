internal import CLibpq
internal import Model

/// Where a server is and as whom to log in, checked before libpq may quote it in a message.
///
/// Holds credentials: nothing here is ever printed. A password that the URL does not state comes from `PGPASSWORD` or
/// `~/.pgpass`, as with every client of libpq.
struct ConnectionAddress: Sendable {
  /// Where scenario files state it: `services.postgres`.
  let source: String
  private let text: String

  /// - Parameters:
  ///   - text: a URL (`postgresql://...`) or a connection string (`host=... dbname=...`).
  ///   - service: name of the service that is reached.
  init(_ text: String, service: String = "postgres") throws(SetupFailure) {
    source = "services.\(service)"
    guard Self.isReadable(text) else {
      throw SetupFailure(
        "\(source) is not an address that PostgreSQL understands; write postgresql://USER@HOST:PORT/DATABASE, "
          + "with special characters of a password as %XX, or leave the password to PGPASSWORD")
    }
    self.text = text
  }

  /// Whether the parts are what they should be. A special character that was not escaped moves a piece of a password
  /// into the host or the port, and libpq would quote it there.
  private static func isReadable(_ text: String) -> Bool {
    var problem: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(text, &problem) else {
      PQfreemem(problem)
      return false
    }
    defer { PQconninfoFree(options) }
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val.map({ String(cString: $0) }) {
        switch String(cString: keyword) {
        case "host" where !value.hasPrefix("/") && value.contains(where: { "@/?# ".contains($0) }): return false
        case "port" where !value.allSatisfy({ $0.isNumber || $0 == "," }): return false
        default: break
        }
      }
      option += 1
    }
    return true
  }

  /// Calls a body with what `PQconnectStartParams` takes: nil-terminated keywords and values,
  /// valid during the call only. The address is stated as `dbname`, which libpq expands; what follows overrides it, as
  /// does a `database` that is not the one of the address.
  func withKeywords<Result>(
    applicationName: String, database: String? = nil,
    _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    let settings =
      [("dbname", text), ("application_name", applicationName), ("client_encoding", "UTF8")]
      + (database.map { [("dbname", $0)] } ?? [])
    return withCStrings(settings.map(\.0)) { keywords in
      withCStrings(settings.map(\.1)) { values in body(keywords, values) }
    }
  }
}

/// Calls a body with a nil-terminated array of C strings, valid during the call only.
func withCStrings<Result>(
  _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
  let ends = texts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.utf8.count + 1) }
  let bytes = texts.flatMap { Array($0.utf8) + [0] }.map { CChar(bitPattern: $0) }
  return bytes.withUnsafeBufferPointer { buffer in
    let pointers = ends.dropLast().map { offset in buffer.baseAddress.map { $0 + offset } }
    return (pointers + [nil]).withUnsafeBufferPointer { list in
      // The array holds at least the closing nil, so it has an address.
      body(list.baseAddress.unsafelyUnwrapped)
    }
  }
}
