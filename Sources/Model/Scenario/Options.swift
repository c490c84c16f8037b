/// A value of an option, as a scenario file states it.
public enum OptionValue: Sendable, Equatable, Codable {
  /// A whole number.
  case integer(Int)
  /// A number that may have a fraction.
  case number(Double)
  /// `true` or `false`.
  case flag(Bool)
  /// A length of time.
  case duration(Duration)
  /// One of the words that the option allows.
  case word(String)
}

/// What kind of value an option takes, and its limits.
public enum OptionKind: Sendable, Equatable {
  /// A whole number within a range.
  case integer(ClosedRange<Int>)
  /// A number within a range.
  case number(ClosedRange<Double>)
  /// `true` or `false`.
  case flag
  /// A length of time with its unit, within a range.
  case duration(ClosedRange<Duration>)
  /// One of these words.
  case word([String])
  /// One of these words, or a whole number within a range.
  case wordOrInteger([String], ClosedRange<Int>)
  /// A share from 0 to 1, written in percent; a number as a value.
  case share
  /// A name of letters, digits, `-` and `_`, or nothing; a word as a value.
  case name
}

/// An option of a workload or of a strategy: its name in scenario files, kind, default and meaning.
public struct OptionSpecification: Sendable, Equatable {
  /// Name in scenario files, in kebab case.
  public let name: String
  /// Kind and limits.
  public let kind: OptionKind
  /// The value when the file does not state one.
  public let defaultValue: OptionValue
  /// One line for `contend explain` and for editors.
  public let summary: String
  /// Makes a specification.
  public init(_ name: String, _ kind: OptionKind, default defaultValue: OptionValue, _ summary: String) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.summary = summary
  }
}

/// The resolved options of a workload or strategy: every declared option has a value of its kind.
public struct Options: Sendable, Equatable, Codable {
  /// The values by option name.
  public private(set) var values: [String: OptionValue]

  /// Takes the defaults of all specifications, replaced by what was stated.
  ///
  /// The caller has checked names, kinds and limits.
  public init(_ specifications: [OptionSpecification], stated: [String: OptionValue] = [:]) {
    values = stated
    for specification in specifications where values[specification.name] == nil {
      values[specification.name] = specification.defaultValue
    }
  }

  /// The prefix of an option of the strategy inside a lock whose name the lock has, too.
  static let innerPrefix = "inner-"

  /// The values as the strategy inside a lock knows them.
  public var ofInner: Options {
    var inner = self
    for (name, value) in values where name.hasPrefix(Self.innerPrefix) {
      inner.values[String(name.dropFirst(Self.innerPrefix.count))] = value
    }
    return inner
  }

  /// A whole number. Asking for an undeclared option is a mistake in our code and traps.
  public func integer(_ name: String) -> Int {
    guard case .integer(let value) = values[name] else { preconditionFailure("option \(name) is not an integer") }
    return value
  }
  /// A number; a whole number counts as one.
  public func number(_ name: String) -> Double {
    switch values[name] {
    case .number(let value): return value
    case .integer(let value): return Double(value)
    default: preconditionFailure("option \(name) is not a number")
    }
  }
  /// A flag.
  public func flag(_ name: String) -> Bool {
    guard case .flag(let value) = values[name] else { preconditionFailure("option \(name) is not a flag") }
    return value
  }
  /// A length of time.
  public func duration(_ name: String) -> Duration {
    guard case .duration(let value) = values[name] else { preconditionFailure("option \(name) is not a duration") }
    return value
  }
  /// A word.
  public func word(_ name: String) -> String {
    guard case .word(let value) = values[name] else { preconditionFailure("option \(name) is not a word") }
    return value
  }
}
