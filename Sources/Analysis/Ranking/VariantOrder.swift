/// The order of variants on a page: trials run in shuffled order, and readers expect `keys=2` before `keys=16`.
///
/// Settings are compared in the order in which a variant names them, numbers and durations by their value, words by
/// their letters.
enum VariantOrder {
  /// Whether a variant stands before another.
  static func isBefore(_ left: String, _ right: String) -> Bool {
    for (first, second) in zip(values(left), values(right)) where first.text != second.text {
      if let one = first.number, let other = second.number, one != other { return one < other }
      return first.text < second.text
    }
    return left < right
  }

  private static func values(_ variant: String) -> [(text: Substring, number: Double?)] {
    variant.split(separator: ",").map { part in
      let text = part.drop { $0 != "=" }.dropFirst()
      return (text, number(text))
    }
  }

  /// A number, in seconds where it has a unit of time; nil for a word.
  private static func number(_ text: Substring) -> Double? {
    let units: [Substring: Double] = ["": 1, "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600]
    let digits = text.prefix { $0.isNumber || $0 == "." }
    return units[text.dropFirst(digits.count)].flatMap { unit in Double(digits).map { $0 * unit } }
  }
}
