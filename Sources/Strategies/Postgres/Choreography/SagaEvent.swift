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

  /// The most numbers that an event carries: when it was written, and what the saga does.
  static let largestData = 1 + SagaScript.largestData

  /// The service that has to hear of it.
  func service(_ script: SagaScript) -> Int { script.groups[kind == .finish ? 0 : step].database }
}

extension Message {
  /// Becomes the message that carries an event.
  mutating func set(_ event: SagaEvent, of saga: SagaIdentity, _ script: SagaScript, writtenAt moment: Int64) {
    begin(course: saga.number, number: event.number)
    append(moment)
    script.forEachNumber { append($0) }
  }

  /// When its event was written, in ``monotonicNow()``: all processes have one clock.
  var moment: Int64 { content.first ?? 0 }
}
