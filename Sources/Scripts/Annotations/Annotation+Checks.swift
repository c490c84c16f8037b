/// Annotations about what is acknowledged and what must hold.
extension Annotation {
  /// `ack NAME += EXPRESSION [matches: SQL]`.
  mutating func acknowledgement() {
    guard words.count >= 4, text(2) == "+=" else {
      return refuse(0, "'ack' is written: ack NAME += EXPRESSION [matches: SQL]")
    }
    if let once = words.indices.first(where: { $0 > 3 && text($0) == "once" }) {
      return refuse(
        once,
        "'once' is not built yet; a check finds values that were used twice: "
          + "check once zero rows: SELECT ... GROUP BY ... HAVING count(*) > 1")
    }
    let name = text(1)
    let matches = text(words.count - 1) == "matches"
    if body != nil && !matches { return refuse(words.count - 1, "only 'matches' may stand before the colon of 'ack'") }
    let end = matches ? words[words.count - 1].lowerBound : head.upperBound
    let amount = fragment.part(fragment.trimmed(words[3].lowerBound..<end))
    script.acknowledgements.append((name, amount, fragment.place(words[1].lowerBound)))
    guard matches, let query = requireBody("SQL") else { return }
    script.checks.append(
      ReadScript.Check(name: name, query: query, expectation: .acknowledged(name), place: query.place(0)))
  }

  /// `refused when EXPRESSION`.
  mutating func refusal() {
    guard words.count >= 3, text(1) == "when" else {
      return refuse(0, "'refused' is written: refused when EXPRESSION")
    }
    script.refusals.append(fragment.part(fragment.trimmed(words[2].lowerBound..<fragment.bytes.count)))
  }

  /// `check NAME zero rows: SQL`, `check NAME = EXPRESSION: SQL`, `check NAME between EXPRESSION and EXPRESSION: SQL`.
  mutating func check() {
    guard words.count >= 4, let expectation = expectation() else {
      return refuse(
        0,
        "'check' is written: check NAME zero rows: SQL, check NAME = EXPRESSION: SQL, "
          + "or check NAME between EXPRESSION and EXPRESSION: SQL")
    }
    guard let query = requireBody("SQL") else { return }
    script.checks.append(
      ReadScript.Check(name: text(1), query: query, expectation: expectation, place: query.place(0)))
  }

  private func expectation() -> ReadScript.Check.Expectation? {
    switch text(2) {
    case "zero": return text(3) == "rows" && words.count == 4 ? .noRows : nil
    case "=":
      let bound = fragment.part(rest(from: 3))
      return .between(bound, bound)
    case "between":
      guard let and = words.indices.first(where: { $0 > 3 && text($0) == "and" }), and + 1 < words.count else {
        return nil
      }
      let low = fragment.part(fragment.trimmed(words[3].lowerBound..<words[and].lowerBound))
      return .between(low, fragment.part(rest(from: and + 1)))
    default: return nil
    }
  }
}
