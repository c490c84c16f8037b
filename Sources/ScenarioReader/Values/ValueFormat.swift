internal import Words

/// How a value is written in a scenario: read with messages, shown again, and described to editors.
struct ValueFormat<Value: Sendable>: Sendable {
  /// What a message asks for: "a whole number".
  let expected: String
  /// The members of the value's JSON schema.
  let schema: [(key: String, value: JSON)]
  /// Takes the value of a setting, or reports why it cannot and returns nil.
  let read: @Sendable (YAMLNode, Subject, inout Diagnostics) -> Value?
  /// The value as it is written.
  let show: @Sendable (Value) -> JSON
}

/// The setting that a value belongs to, for messages.
struct Subject {
  /// Such as `load.workers`.
  let path: String
  /// What the setting takes besides the kind of value in question: ", or none".
  private(set) var alternative = ""

  init(_ path: String) { self.path = path }

  /// The same setting, where something else is allowed as well.
  func allowing(_ alternative: String) -> Subject {
    var copy = self
    copy.alternative += alternative
    return copy
  }
}

extension Diagnostics {
  /// Reports a value of the wrong kind.
  mutating func reportKind(_ node: YAMLNode, _ subject: Subject, expected: String, hint: String = "") {
    report(node.place, subject.path, "got \(node.kindForMessage), expected \(expected)\(subject.alternative)\(hint)")
  }

  /// Reports a value outside its range; true when it lies within.
  mutating func check<Value: Comparable>(
    _ value: Value, in range: ClosedRange<Value>, _ node: YAMLNode, _ subject: Subject, show: (Value) -> String
  ) -> Bool {
    if value < range.lowerBound {
      report(node.place, subject.path, "\(node.valueForMessage) is below the minimum \(show(range.lowerBound))")
    } else if value > range.upperBound {
      report(node.place, subject.path, "\(node.valueForMessage) is above the maximum \(show(range.upperBound))")
    }
    return range.contains(value)
  }
}

extension YAMLNode {
  /// The text as the user wrote it, without quotes around it.
  var valueForMessage: String { String((text ?? "").quotedForMessage.dropFirst().dropLast()) }
}

// MARK: - Numbers

extension ValueFormat where Value: FixedWidthInteger {
  /// A whole number within a range.
  static func integer(_ range: ClosedRange<Value>) -> ValueFormat {
    let expected = "a whole number"
    return ValueFormat(
      expected: expected,
      schema: [
        ("type", .string("integer")), ("minimum", .integer(range.lowerBound)), ("maximum", .integer(range.upperBound)),
      ],
      read: { node, subject, diagnostics in
        guard let text = node.plainText, DecimalText.isWhole(text) else {
          diagnostics.reportKind(node, subject, expected: expected)
          return nil
        }
        // Too many digits for the type: outside every range, on the side of the sign.
        let value = Value(text) ?? (text.first == "-" ? .min : .max)
        let isExact = Value(text) != nil
        if !isExact && range.contains(value) {
          let isBelow = text.first == "-"
          let side = isBelow ? "below the minimum \(range.lowerBound)" : "above the maximum \(range.upperBound)"
          diagnostics.report(node.place, subject.path, "\(node.valueForMessage) is \(side)")
          return nil
        }
        return diagnostics.check(value, in: range, node, subject, show: { "\($0)" }) ? value : nil
      },
      show: { .integer($0) })
  }
}

extension ValueFormat where Value == Double {
  /// A number within a range.
  static func number(_ range: ClosedRange<Double>) -> ValueFormat {
    let expected = "a number"
    return ValueFormat(
      expected: expected,
      schema: [
        ("type", .string("number")), ("minimum", .literal(DecimalText.text(of: range.lowerBound))),
        ("maximum", .literal(DecimalText.text(of: range.upperBound))),
      ],
      read: { node, subject, diagnostics in
        guard let value = node.plainText.flatMap({ DecimalText.number($0) }) else {
          diagnostics.reportKind(node, subject, expected: expected)
          return nil
        }
        return diagnostics.check(value, in: range, node, subject, show: DecimalText.text(of:)) ? value : nil
      },
      show: { .literal(DecimalText.text(of: $0)) })
  }

  /// A rate with its unit, in operations per second.
  static func rate(_ range: ClosedRange<Double>) -> ValueFormat {
    ValueFormat(
      expected: RateText.expected,
      schema: [("type", .string("string")), ("pattern", .string(RateText.pattern))],
      read: { node, subject, diagnostics in
        guard let text = node.text, let value = RateText.parse(text) else {
          let hint =
            node.text.map { DecimalText.number($0) != nil } == true
            ? "; write \(node.valueForMessage)/s" : ""
          diagnostics.reportKind(node, subject, expected: RateText.expected, hint: hint)
          return nil
        }
        return diagnostics.check(value, in: range, node, subject, show: RateText.text(of:)) ? value : nil
      },
      show: { .string(RateText.text(of: $0)) })
  }
}

// MARK: - Durations

extension ValueFormat where Value == Duration {
  /// A length of time with its unit, within a range.
  static func duration(_ range: ClosedRange<Duration>) -> ValueFormat {
    ValueFormat(
      expected: DurationText.expected,
      schema: [("type", .string("string")), ("pattern", .string(DurationText.pattern))],
      read: { node, subject, diagnostics in
        guard let text = node.text else {
          diagnostics.reportKind(node, subject, expected: DurationText.expected)
          return nil
        }
        do throws(DurationText.Failure) {
          let value = try DurationText.parse(text)
          return diagnostics.check(value, in: range, node, subject, show: DurationText.text(of:)) ? value : nil
        } catch {
          report(error, node, subject, range, &diagnostics)
          return nil
        }
      },
      show: { .string(DurationText.text(of: $0)) })
  }

  private static func report(
    _ failure: DurationText.Failure, _ node: YAMLNode, _ subject: Subject, _ range: ClosedRange<Duration>,
    _ diagnostics: inout Diagnostics
  ) {
    let value = node.valueForMessage
    switch failure {
    case .notADuration: diagnostics.reportKind(node, subject, expected: DurationText.expected)
    case .noUnit:
      diagnostics.report(node.place, subject.path, "\(value) has no unit; write \(value)s, \(value)ms or \(value)us")
    case .tooFine: diagnostics.report(node.place, subject.path, "\(value) is finer than a nanosecond")
    case .tooLong:
      let maximum = DurationText.text(of: range.upperBound)
      diagnostics.report(node.place, subject.path, "\(value) is above the maximum \(maximum)")
    }
  }
}
