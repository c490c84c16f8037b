/// What can be wrong with streams of events and with what is projected from them.
extension Violation.Kind {
  /// A version is missing or there twice.
  public static let streamGap = Self(
    "stream-gap", "The versions of a stream of events are not 1 to n.")
  /// Committed, and never projected.
  public static let lostEvent = Self(
    "lost-event", "An event that was appended was never projected.")
  /// Appended or projected again.
  public static let duplicatedEvent = Self(
    "duplicated-event", "An event was appended or projected more than once.")
  /// After a later one.
  public static let reorderedEvent = Self(
    "reordered-event", "An event was projected after a later one of its stream.")
  /// The read model is wrong, whatever the reason.
  public static let divergedProjection = Self(
    "diverged-projection", "A read model is not what the events of its stream add up to.")
  /// A row that the checkpoint does not know of.
  public static let answerAhead = Self(
    "answer-ahead", "A read model answered with more than its checkpoint says that it knows.", .misled)

  /// All of them, in the order of the way of an event.
  public static let eventFaults = [
    streamGap, lostEvent, duplicatedEvent, reorderedEvent, divergedProjection, answerAhead,
  ]
}
