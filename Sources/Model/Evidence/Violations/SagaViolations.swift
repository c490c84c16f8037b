/// What can become of sagas.
extension Violation.Kind {
  /// In the order of the documentation.
  static let ofSagas = [unfinishedSaga, halfCompensated, undeliveredMessage, mixedOutcome]

  /// A saga was neither finished nor compensated.
  public static let unfinishedSaga = Self(
    "unfinished-saga", "A saga was neither finished nor compensated.")
  /// A saga ended with some of its steps in effect and others not.
  public static let halfCompensated = Self(
    "half-compensated", "A saga ended with some of its steps in effect and others not.")
  /// A message between services was not handled.
  public static let undeliveredMessage = Self(
    "undelivered-message", "A message between services was given up, or nobody has taken it.")
  /// An operation took effect in some services and not in others.
  public static let mixedOutcome = Self(
    "mixed-outcome", "An operation took effect in some services and not in others.")
}
