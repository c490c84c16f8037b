/// Points of a choreographed saga at which a process can be made to end, in the order of a step.
enum ChoreographyPoint: Int, CaseIterable {
  case beforeEffect, beforeOutbox, beforePublish, beforeAcknowledgement, beforeCompensation

  /// As a scenario states it.
  var name: String {
    switch self {
    case .beforeEffect: "before-effect"
    case .beforeOutbox: "before-outbox-commit"
    case .beforePublish: "before-publish"
    case .beforeAcknowledgement: "before-acknowledgement"
    case .beforeCompensation: "before-compensation"
    }
  }
}

/// Stages whose times are recorded.
enum ChoreographyStage: Int, CaseIterable {
  /// The transaction of a step, of a compensation, or of the end.
  case step
  /// From the commit until the transport keeps the event.
  case publish
  /// From the moment at which an event was written until its receiver has it in hand.
  case lag

  /// Names, as the descriptor states them.
  static let names = ["step", "publish", "lag"]
}
