internal import Model
internal import Words

extension ValueFormat where Value == FaultTime {
  /// A time in the course of a trial: `2s`, `30%` of the measured window, `3x ttl` of an option of the strategy.
  static func faultTime(_ range: ClosedRange<Duration>) -> ValueFormat {
    let (duration, percent) = (ValueFormat<Duration>.duration(range), ValueFormat<Double>.percent(0...1))
    let expected = "a duration such as 2s, a share of the window such as 30%, or a multiple such as 3x ttl"
    let multiple: [(key: String, value: JSON)] = [
      ("type", .string("string")), ("pattern", .string("^\(DecimalText.pattern)x [a-z][a-z-]*$")),
    ]
    return ValueFormat(
      expected: expected,
      schema: [("anyOf", .array([.object(duration.schema), .object(percent.schema), .object(multiple)]))],
      read: { node, subject, diagnostics in
        guard let text = node.text else {
          diagnostics.reportKind(node, subject, expected: expected)
          return nil
        }
        if text.hasSuffix("%") { return percent.read(node, subject, &diagnostics).map(FaultTime.share) }
        let parts = text.split(separator: " ")
        if parts.count == 2, parts[0].hasSuffix("x") {
          guard let factor = DecimalText.number(parts[0].dropLast()), (0.001...1000).contains(factor) else {
            diagnostics.reportKind(node, subject, expected: expected)
            return nil
          }
          return .multiple(factor, of: String(parts[1]))
        }
        guard (try? DurationText.parse(text)) != nil || DecimalText.number(text[...]) != nil else {
          diagnostics.reportKind(node, subject, expected: expected)
          return nil
        }
        return duration.read(node, subject, &diagnostics).map(FaultTime.duration)
      },
      show: { value in
        switch value {
        case .duration(let length): duration.show(length)
        case .share(let share): percent.show(share)
        case .multiple(let factor, let option): .string("\(DecimalText.text(of: factor))x \(option)")
        }
      })
  }
}
