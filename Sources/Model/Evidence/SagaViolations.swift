/// What can become of sagas.
extension Violation.Kind {
  /// In the order of the documentation.
  static let ofSagas = [unfinishedSaga, halfCompensated, duplicateEffect]

  /// A saga was neither finished nor compensated.
  public static let unfinishedSaga = Self(
    "unfinished-saga", "A saga was neither finished nor compensated.")
  /// A saga ended with some of its steps in effect and others not.
  public static let halfCompensated = Self(
    "half-compensated", "A saga ended with some of its steps in effect and others not.")
  /// An effect of one request was applied more than once.
  public static let duplicateEffect = Self(
    "duplicate-effect", "An effect of one request was applied more than once.")
}
