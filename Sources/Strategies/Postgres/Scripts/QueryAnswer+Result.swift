internal import CLibpq
internal import Model

extension QueryAnswer {
  /// The first rows of a result, as text.
  init(_ result: OpaquePointer?, limit: Int) {
    let columns = 0..<PQnfields(result)
    let count = Int(PQntuples(result))
    let rows = (0..<Int32(min(limit, count))).map { row in
      columns.map { column in
        PQgetisnull(result, row, column) == 1 ? nil : PQgetvalue(result, row, column).map { String(cString: $0) }
      }
    }
    self.init(
      columns: columns.map { PQfname(result, $0).map { String(cString: $0) } ?? "" }, rows: rows, count: count)
  }
}
