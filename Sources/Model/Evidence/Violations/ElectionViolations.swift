/// What leaders can do wrong.
extension Violation.Kind {
  /// In the order of the documentation.
  static let ofElections = [staleEffect]

  /// A store took an effect of a leader after one of its successor.
  public static let staleEffect = Self(
    "stale-effect", "A store took an effect of a leader after one of its successor.")
}
