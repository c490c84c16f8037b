/// What a whole run concludes; the raw value is the exit code.
public enum RunConclusion: Int32, Sendable, Codable, CaseIterable {
  /// Every cell showed what was expected of it.
  case held = 0
  /// An invariant was broken where that is not expected, or a planted control broke none.
  case violated = 2
  /// For at least one cell it cannot be told.
  case inconclusive = 3

  /// The conclusion from all cells of a run: an unexpected verdict weighs more than an unknown one.
  public init(_ cells: [CellSummary]) {
    if cells.contains(where: { $0.isAsExpected == false }) {
      self = .violated
    } else if cells.isEmpty || cells.contains(where: { $0.isAsExpected == nil }) {
      self = .inconclusive
    } else {
      self = .held
    }
  }
}
