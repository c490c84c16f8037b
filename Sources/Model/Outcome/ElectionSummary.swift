/// What came of the elections of a cell in the measured windows of its trials.
public struct ElectionSummary: Sendable {
  /// Terms of office that began.
  public let terms: Int
  /// Those of them that followed a leader.
  public let successions: Int
  /// Those of them whose leader had given its office back of its own will.
  public let givenBack: Int
  /// Those of them that came after a fault.
  public let lost: Int
  /// From the last effect of a leader to the first one of the next: how long the work was left undone, in nanoseconds.
  public let handover: HistogramSnapshot
  /// Effects during which another leader had begun one: two believed to lead.
  public let overlaps: Int64
  /// Effects that were sent after one of a successor, or that a store refused because of the number of their term.
  public let staleEffectsAttempted: Int64
  /// Those of them that the store took.
  public let staleEffectsAccepted: Int64

  /// Successions that followed neither a fault nor a resignation: a leader was taken for dead, or lost its office.
  public var withoutCause: Int { max(0, successions - givenBack - lost) }
  /// The median of ``handover``; nil when nobody followed anybody.
  public var handoverMedian: Double? { handover.value(atQuantile: 0.5).map { Double($0) } }
  /// The longest.
  public var longestHandover: Double? { handover.maximum.map { Double($0) } }
}

extension CellSummary {
  /// What came of its elections; nil when there were none.
  public var elections: ElectionSummary? {
    guard trials.contains(where: \.isElection) else { return nil }
    let candidacies = stage(StrategyDescriptor.candidacyStage)
    let handover = stage(StrategyDescriptor.handoverStage)
    let givenBack = Int(stage(StrategyDescriptor.termStage).total)
    // Who is paused may also go on to lead, and who is followed when the window closes has no successor with an effect yet.
    let takeovers = trials.flatMap(\.faults).count { $0.takeoverSeconds != nil }
    func sum(_ counter: Counter) -> Int64 { trials.reduce(0) { $0 + $1.total[counter] } }
    return ElectionSummary(
      terms: Int(candidacies.total), successions: Int(handover.total), givenBack: givenBack,
      lost: max(0, min(takeovers, Int(handover.total) - givenBack)), handover: handover,
      overlaps: sum(.overlaps), staleEffectsAttempted: sum(.staleEffectsAttempted),
      staleEffectsAccepted: sum(.staleEffectsAccepted))
  }

  /// The times of a stage of a name, over all trials.
  private func stage(_ name: String) -> HistogramSnapshot {
    var times = HistogramSnapshot(.phase)
    for trial in trials {
      if let index = trial.stageNames.firstIndex(of: name) { times += trial.phases.stages[index] }
    }
    return times
  }
}

extension TrialResult {
  /// Whether its workers held elections: locks that could lead name the stages of it in any workload.
  fileprivate var isElection: Bool {
    stageNames.firstIndex(of: StrategyDescriptor.candidacyStage).map { phases.stages[$0].total > 0 } ?? false
  }
}
