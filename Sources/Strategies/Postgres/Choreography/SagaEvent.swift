internal import Model
internal import Runtime

/// What one service tells the next one about a saga.
struct SagaEvent: Equatable, Sendable {
  let kind: Kind
  /// The step that it concerns.
  let step: Int

  /// What the receiver has to do.
  enum Kind: Int64, Sendable {
    /// Its step.
    case act = 0
    /// The compensation of its step.
    case undo = 1
    /// Nothing more: the service that began the saga writes down that it is finished.
    case finish = 2
    /// As ``undo``, of a saga of which a later step could not be undone.
    case undoOfStuck = 3
  }

  init(_ kind: Kind, _ step: Int) {
    self.kind = kind
    self.step = step
  }

  /// As it is stored; nil when it is none.
  init?(stored number: Int64) {
    guard let kind = Kind(rawValue: number >> 8) else { return nil }
    self.init(kind, Int(number & 255))
  }

  /// As it is stored; unique in its saga.
  var number: Int64 { kind.rawValue << 8 | Int64(step) }

  /// The most numbers that an event carries: when it was written, what the saga does, and a new value for each change.
  static let largestData = 1 + SagaScript.largestData + Operation.maximumSteps

  /// The service that has to hear of it.
  func service(_ script: SagaScript) -> Int { script.groups[kind == .finish ? 0 : step].database }
}

extension Message {
  /// Becomes the message that carries an event.
  ///
  /// - Parameter values: the new value of each change that was made, by its position in the operation.
  mutating func set(
    _ event: SagaEvent, of saga: SagaIdentity, _ script: SagaScript, _ values: UnsafeMutablePointer<Int64>,
    writtenAt moment: Int64
  ) {
    begin(course: saga.number, number: event.number)
    append(moment)
    script.forEachNumber { append($0) }
    for change in script.changes { append(values[change.position]) }
  }

  /// What the saga does, as ``SagaScript/restore(_:)`` takes it.
  var data: ArraySlice<Int64> { content.dropFirst().dropLast(changeCount) }
  /// The new value of each change.
  var values: ArraySlice<Int64> { content.suffix(changeCount) }
  /// Besides the moment and the token of the script there are three numbers and a value for each change.
  private var changeCount: Int { max(0, content.count - 2) / 4 }

  /// When its event was written, in ``monotonicNow()``: all processes have one clock.
  var moment: Int64 { content.first ?? 0 }
}
