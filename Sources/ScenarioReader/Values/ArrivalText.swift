internal import Model
internal import Words

/// Arrivals of an open loop as scenario files write them: `2000/s` at random, `2000/s uniform`, or
/// `2000 at once, every 1s`.
enum ArrivalText {
  private static let range = 0.001...10_000_000.0
  private static let sizes = 1...1_000_000
  private static let intervals = Duration.milliseconds(1) ... .seconds(3600)
  private static let expected = "\(RateText.expected), also with 'uniform', or '2000 at once, every 1s'"

  /// For editors: of one value. A list of them is swept.
  static let schema: [(key: String, value: JSON)] = [
    ("type", .string("string")),
    (
      "pattern",
      .string(
        "\(RateText.pattern.dropLast())( uniform)?$|^[0-9]+ at once, every \(DurationText.pattern.dropFirst())")
    ),
  ]

  /// The mean rate per second, and how arrivals are spread; nil after reporting why it is neither.
  static func read(
    _ node: YAMLNode, _ subject: Subject, _ diagnostics: inout Diagnostics
  ) -> (rate: Double, pattern: ArrivalPattern)? {
    guard let text = node.text else {
      diagnostics.reportKind(node, subject, expected: expected)
      return nil
    }
    if let parts = bursts(text) {
      let count = YAMLNode(.scalar(parts.count, isPlain: true), at: node.place)
      let every = YAMLNode(.scalar(parts.interval, isPlain: true), at: node.place)
      guard let size = ValueFormat<Int>.integer(sizes).read(count, subject, &diagnostics),
        let interval = ValueFormat<Duration>.duration(intervals).read(every, subject, &diagnostics)
      else { return nil }
      return (Double(size) / (Double(interval.nanoseconds) / 1e9), .bursts(of: size))
    }
    let isUniform = text.hasSuffix(" uniform")
    let rate = YAMLNode(
      .scalar(isUniform ? String(text.dropLast(" uniform".count)) : text, isPlain: true), at: node.place)
    guard let value = ValueFormat<Double>.rate(range).read(rate, subject, &diagnostics) else { return nil }
    return (value, isUniform ? .uniform : .poisson)
  }

  /// The text that reads back to the same.
  static func text(of rate: Double, _ pattern: ArrivalPattern) -> String {
    switch pattern {
    case .poisson: RateText.text(of: rate)
    case .uniform: RateText.text(of: rate) + " uniform"
    case .bursts(let size):
      "\(size) at once, every \(DurationText.text(of: .nanoseconds(Int64((Double(size) / rate * 1e9).rounded()))))"
    }
  }

  private static func bursts(_ text: String) -> (count: String, interval: String)? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmingSpaces) }
    guard parts.count == 2, parts[0].hasSuffix(" at once"), parts[1].hasPrefix("every ") else { return nil }
    return (String(parts[0].dropLast(" at once".count)), String(parts[1].dropFirst("every ".count)))
  }
}
