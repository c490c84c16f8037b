public import Model

/// All trials of a scenario in the order in which they run.
///
/// Each repetition goes over all cells in an order of its own, shuffled by the scenario's seed: a machine that drifts
/// disturbs all strategies alike.
public struct Plan: Sendable {
  /// The trials of each repetition in running order.
  public let repetitions: [[PlannedTrial]]

  /// The trials in running order.
  public var trials: [PlannedTrial] { repetitions.flatMap(\.self) }

  /// Plans a scenario.
  public init(_ scenario: Scenario) {
    var shuffle = RandomSource(seed: scenario.seed, stream: 7)
    let cells = scenario.strategies.enumerated().flatMap { index, strategy in
      scenario.variants.flatMap { variant in
        scenario.workers.map { (index, Cell(strategy: strategy.label, workers: $0, variant: variant.name)) }
      }
    }
    repetitions = (1...scenario.repetitions).map { repetition in
      cells.shuffled(using: &shuffle).enumerated().map { place, entry in
        PlannedTrial(
          cell: entry.1, strategyIndex: entry.0, repetition: repetition,
          position: (repetition - 1) * cells.count + place + 1,
          seed: scenario.seed &+ UInt64(repetition) &* 0x9E37_79B9_7F4A_7C15)
      }
    }
  }
}
