/// Locks that can be held over many operations: a term of office.
extension StrategyDescriptor {
  /// How long a candidate waited until it led; as many as there were terms.
  public static let candidacyStage = "candidacy"
  /// From the last effect of a leader to the first one of the next: how long the work was left undone.
  public static let handoverStage = "handover"
  /// How long a leader had led that gave its office back of its own will; as many as were followed.
  public static let termStage = "term"

  /// The same lock, known to be one of them.
  public var leading: StrategyDescriptor {
    var leading = self
    leading.leads = true
    leading.stages += [Self.candidacyStage, Self.handoverStage, Self.termStage]
    return leading
  }
}
