/// The order of variants on a page: trials run in shuffled order, and readers expect `keys=2` before `keys=16`.
///
/// Settings are compared in the order in which a variant names them, numbers and durations by their value, words by
/// their letters.
public enum VariantOrder {
  /// Whether a variant stands before another.
  public static func isBefore(_ left: String, _ right: String) -> Bool {
    for (first, second) in zip(values(left), values(right)) where first != second {
      return isValueBefore(first, second)
    }
    return left < right
  }

  /// Whether a value of a setting stands before another one.
  static func isValueBefore(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
    if let one = number(left), let other = number(right), one != other { return one < other }
    return left < right
  }

  private static func values(_ variant: String) -> [Substring] {
    variant.split(separator: ",").map { $0.drop { $0 != "=" }.dropFirst() }
  }

  /// A number, in seconds where it has a unit of time; nil for a word.
  private static func number(_ text: some StringProtocol) -> Double? {
    let units: [String: Double] = [
      "": 1, "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600, "%": 1, "/s": 1,
    ]
    let digits = text.prefix { $0.isNumber || $0 == "." }
    return units[String(text.dropFirst(digits.count))].flatMap { unit in Double(digits).map { $0 * unit } }
  }
}
