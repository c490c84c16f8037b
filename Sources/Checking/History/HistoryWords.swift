internal import Model

/// Operations of a history in words. Moments are those of the file, so that they are found there.
struct HistoryWords {
  private let operations: [RecordedOperation]
  private let clock: HistoryHeader.Clock

  init(_ history: History) {
    operations = history.operations
    clock = history.header.clock
  }

  /// The operation at a position.
  func place(_ index: Int) -> String { place(operations[index]) }

  /// `process 3 from 1200 to 1900 ns`.
  func place(_ operation: RecordedOperation) -> String {
    "process \(operation.process) \(span(operation.invoke, operation.end))"
  }

  /// `from 1200 to 1900 ns`, `in events 12 to 17`.
  func span(_ start: Int64, _ end: Int64?) -> String {
    switch (clock, end) {
    case (.nanoseconds, let end?): "from \(start) to \(end) ns"
    case (.nanoseconds, nil): "from \(start) ns on, without an end"
    case (.events, let end?): "in events \(start) to \(end)"
    case (.events, nil): "from event \(start) on, without an end"
    }
  }

  /// `at 1200 ns`.
  func moment(_ moment: Int64) -> String { clock == .nanoseconds ? "at \(moment) ns" : "at event \(moment)" }

  static func value(_ value: Int64?) -> String { value.map { "\($0)" } ?? "nothing" }

  /// `read 5`, `replaced 3 by 5`.
  static func action(_ action: Access.Action, isKnown: Bool = true) -> String {
    switch action {
    case .read(let value): isKnown ? "read \(self.value(value))" : "read"
    case .write(let value): "wrote \(self.value(value))"
    case .cas(let expected, let new): "replaced \(value(expected)) by \(value(new))"
    case .add(let amount, let result?) where isKnown: "added \(amount) and got \(result)"
    case .add(let amount, _): "added \(amount)"
    case .append(let element): "appended \(element)"
    case .list(let elements): isKnown ? "read [\(elements.map { "\($0)" }.joined(separator: " "))]" : "read"
    case .acquire: "acquired"
    case .release: "released"
    }
  }
}
