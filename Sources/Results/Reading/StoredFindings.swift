internal import Model

/// The findings of one trial, handed out to the checkers that made them, in order.
struct StoredFindings {
  private var rest: [(checker: String?, violation: Violation)] = []

  init(_ rows: [StoredRow]) throws(ResultsFailure) {
    for row in rows {
      // A newer version may have kinds that this one does not know.
      let kind = try row.value("kind", try row.text("kind"), "a kind such as lost-update") { name in
        let isName = !name.isEmpty && name.allSatisfy { $0 == "-" || $0.isASCII && ($0.isLetter || $0.isNumber) }
        return isName ? Violation.Kind(rawValue: name) : nil
      }
      let violation = Violation(
        kind: kind, key: try row.integer(ifAny: "key"), expected: try row.text("expected"),
        observed: try row.text("observed"), count: try row.integer("violations_count"),
        evidence: try row.text("evidence"))
      rest.append((row.text(ifAny: "checker"), violation))
    }
  }

  /// Takes the findings of a checker.
  ///
  /// Results of earlier versions do not name it. There, each checker takes the next findings of one kind and the last one
  /// takes all: what a trial found is right in any case, and to whom it is put down nearly always.
  mutating func take(of checker: String, leavingAtLeast later: Int) -> [Violation] {
    guard let first = rest.first else { return [] }
    let taken: Int
    if first.checker != nil {
      taken = rest.prefix { $0.checker == checker }.count
    } else if later == 0 {
      taken = rest.count
    } else {
      taken = min(rest.prefix { $0.violation.kind == first.violation.kind }.count, max(1, rest.count - later))
    }
    defer { rest.removeFirst(taken) }
    return rest.prefix(taken).map(\.violation)
  }
}
