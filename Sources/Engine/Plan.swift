public import Model
internal import Runtime
internal import StrategyCatalog

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

  /// The trials of each repetition.
  var repetitions: [[PlannedTrial]] {
    (1...(trials.last?.repetition ?? 1)).map { repetition in trials.filter { $0.repetition == repetition } }
  }
}

extension Scenario {
  /// What the result of a trial is expected to show: what the scenario says, else what the strategy's grade means.
  public func expectation(of trial: PlannedTrial) -> Expectation {
    let selection = strategies[trial.strategyIndex]
    if let stated = selection.expectation { return stated }
    let load = variants.first { $0.name == trial.cell.variant }?.load ?? variants[0].load
    let entry = StrategyCatalog.entry(id: selection.id, over: selection.over)
    return entry.map { Expectation($0.descriptor.grade(processes: min(load.processes, trial.cell.workers))) } ?? .any
  }
}

extension Expectation {
  /// What is expected of a strategy of which the scenario says nothing.
  init(_ grade: Grade) {
    self =
      switch grade {
      case .forbidden: .pass
      case .interesting: .any
      case .required: .violation
      }
  }
}
