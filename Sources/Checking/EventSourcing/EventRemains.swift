internal import Model

/// The questions that event-sourced strategies ask their tables after a trial; the rows of each as its comment says.
public enum EventRemains {
  /// How many events there are.
  public static let events = "events"
  /// How many were projected, each as often as it was.
  public static let projected = "projected-events"
  /// Streams whose versions are not 1 to n: stream, events, different versions, least and greatest version.
  public static let gaps = "stream-gaps"
  /// Events that one step of an operation has appended more than once: stream, worker, number of the operation, times.
  public static let appendedTwice = "events-appended-twice"
  /// Streams with events that were never projected: stream, how many, position of the first.
  public static let lost = "lost-events"
  /// Streams with events that were projected again: stream, how many times too often, position of the first.
  public static let projectedTwice = "events-projected-twice"
  /// Streams with events that were projected after a later one: stream, how many, position of the first.
  public static let reordered = "reordered-events"
  /// Streams whose read model is not what all of their events add up to: stream, their sum, value of the read model.
  public static let diverged = "diverged-streams"
}

extension Evidence {
  /// Whether all that was done only read, and nothing was appended: then there are no events to judge.
  var hasOnlyReads: Bool {
    total[.committed] > 0 && total[.committedReads] == total[.committed] && total[.unknown] == 0
      && remains[EventRemains.events]?.first?.first == 0
  }
}
