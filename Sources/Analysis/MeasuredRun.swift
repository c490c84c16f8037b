public import Model

/// What conclusions are drawn from: the trials of one run, and what is missing of it.
public struct MeasuredRun: Sendable {
  /// Name of the scenario.
  public let name: String
  /// Every trial that ran.
  public let trials: [TrialResult]
  /// Planned trials without a result: the run was interrupted.
  public let missing: [PlannedTrial]

  /// Takes the trials of a run.
  public init(name: String, trials: [TrialResult], missing: [PlannedTrial] = []) {
    self.name = name
    self.trials = trials
    self.missing = missing
  }
}

extension MeasuredRun {
  /// The names of the faults that were done to its trials.
  var faults: Set<String> { Set(CellSummary.summaries(of: trials).flatMap(\.faultNames)) }
}

/// What is known of a strategy by its id and the store it works on; nil for one that this program does not have.
/// Conclusions that need to know more than the results state are then left out.
public typealias StrategyLookup = @Sendable (_ id: String, _ store: String) -> StrategyDescriptor?

extension CellSummary {
  /// The names of the faults that were done to its trials.
  var faultNames: [String] { faults.filter { !$0.happened.isEmpty }.flatMap(\.names) }

  /// The store of the cell's records.
  var store: String { trials[0].store }

  /// What is known of the cell's strategy.
  func descriptor(_ lookup: StrategyLookup) -> StrategyDescriptor? { lookup(trials[0].strategyID, store) }

  /// The family of the cell's strategy.
  func family(_ lookup: StrategyLookup) -> Family? { descriptor(lookup).flatMap { Family.of($0, over: store) } }

  /// Share of the attempts that failed because somebody else was faster, 0 to 1; nil without attempts.
  var conflictRatio: Double? {
    measured[.attempts] > 0 ? Double(measured[.conflict]) / Double(measured[.attempts]) : nil
  }

  /// The longest critical section of all repetitions, nanoseconds; nil when none was timed.
  var longestHold: UInt64? { trials.compactMap(\.phases.hold.maximum).max() }
}
