/// Lengths of time as scenario files write them: a number and a unit, exact to the nanosecond.
public enum DurationText {
  /// Units with their nanoseconds, the longest first.
  static let units: [(name: String, nanoseconds: Int64)] = [
    ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000),
    ("\u{B5}s", 1000), ("\u{3BC}s", 1000), ("ns", 1),
  ]
  /// Pattern for the schema.
  static let pattern = "^\(DecimalText.pattern)(\(units.map(\.name).joined(separator: "|")))$"
  /// What a message asks for.
  static let expected = "a duration with a unit, such as 5s, 10ms or 250us"

  /// Why a text is not a duration.
  public enum Failure: Error {
    /// No number, or a unit that does not exist.
    case notADuration
    /// A number alone.
    case noUnit
    /// Finer than a nanosecond.
    case tooFine
    /// More than 64 bits of nanoseconds.
    case tooLong
  }

  /// Reads `5s`, `1.5ms`, `250us`.
  public static func parse(_ text: String) throws(Failure) -> Duration {
    let number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    let suffix = text.dropFirst(number.count)
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ DecimalText.isWhole($0) }) else { throw .notADuration }
    if suffix.isEmpty { throw .noUnit }
    guard let unit = units.first(where: { $0.name.unicodeScalars.elementsEqual(suffix.unicodeScalars) }) else {
      throw .notADuration
    }
    guard let whole = Int64(parts[0]) else { throw .tooLong }
    var (nanoseconds, overflow) = whole.multipliedReportingOverflow(by: unit.nanoseconds)
    var step = unit.nanoseconds
    for digit in parts.dropFirst().first ?? "" {
      let value = Int64(digit.wholeNumberValue ?? 0)
      guard value == 0 || step % 10 == 0 else { throw .tooFine }
      step /= 10
      let (sum, carried) = nanoseconds.addingReportingOverflow(value * step)
      (nanoseconds, overflow) = (sum, overflow || carried)
    }
    if overflow { throw .tooLong }
    return .nanoseconds(nanoseconds)
  }

  /// A duration in the longest unit, up to seconds, that needs no fraction.
  static func text(of duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    if nanoseconds == 0 { return "0s" }
    for (name, length) in [("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000)] as [(String, Int64)]
    where nanoseconds % length == 0 { return "\(nanoseconds / length)\(name)" }
    return "\(nanoseconds)ns"
  }
}

extension Duration {
  /// Reads a length of time as scenario files write it, such as `500us`; nil when it is none.
  public init?(stated text: String) {
    guard let duration = try? DurationText.parse(text) else { return nil }
    self = duration
  }
}
