/// What became of operations whose outcome nobody was told, as far as the final values of the records tell.
public struct UnknownOutcomes: Sendable, Equatable, Codable {
  /// Those whose effect the final values hold.
  public var applied: Int64
  /// Those whose effect they do not hold; operations that only read among them.
  public var notApplied: Int64
  /// Those of which the values do not tell.
  public var unresolved: Int64

  /// Makes counts.
  public init(applied: Int64 = 0, notApplied: Int64 = 0, unresolved: Int64 = 0) {
    self.applied = applied
    self.notApplied = notApplied
    self.unresolved = unresolved
  }

  /// All of them.
  public var total: Int64 { applied + notApplied + unresolved }

  /// Adds those of another trial.
  public static func += (left: inout UnknownOutcomes, right: UnknownOutcomes) {
    left.applied += right.applied
    left.notApplied += right.notApplied
    left.unresolved += right.unresolved
  }
}
