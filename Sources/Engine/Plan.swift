public import Model

/// All trials of a scenario in the order in which they run.
///
/// Each repetition goes over all cells in an order of its own, shuffled by the scenario's seed: a machine that drifts
/// disturbs all strategies alike.
public struct Plan: Sendable {
  /// The trials in running order.
  public let trials: [PlannedTrial]

  /// Plans a scenario.
  public init(_ scenario: Scenario) {
    var trials: [PlannedTrial] = []
    var shuffle = RandomSource(seed: scenario.seed, stream: 7)
    for repetition in 1...scenario.repetitions {
      var cells: [(index: Int, cell: Cell)] = []
      for (index, strategy) in scenario.strategies.enumerated() {
        for variant in scenario.variants {
          cells += scenario.workers.map { (index, Cell(strategy: strategy.label, workers: $0, variant: variant.name)) }
        }
      }
      cells.shuffle(using: &shuffle)
      for (index, cell) in cells {
        trials.append(
          PlannedTrial(
            cell: cell, strategyIndex: index, repetition: repetition, position: trials.count + 1,
            seed: scenario.seed &+ UInt64(repetition) &* 0x9E37_79B9_7F4A_7C15))
      }
    }
    self.trials = trials
  }
}
