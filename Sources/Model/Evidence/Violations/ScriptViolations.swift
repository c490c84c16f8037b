/// The kinds of a user's own invariants.
extension Violation.Kind {
  static let ofScripts = [brokenInvariant]

  /// A query of the user's that must hold did not.
  public static let brokenInvariant = Self(
    "broken-invariant", "A query of the scenario gave what it must not give.")
}
