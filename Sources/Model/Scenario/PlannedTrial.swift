/// One trial of a plan.
public struct PlannedTrial: Sendable, Equatable, Codable {
  /// Strategy and load point.
  public let cell: Cell
  /// Position of the strategy in the scenario.
  public let strategyIndex: Int
  /// Repetition from 1.
  public let repetition: Int
  /// 1, or more when it is measured again.
  public var measurement = 1
  /// Position in the run from 1.
  public let position: Int
  /// Seed of its operations: the same for all strategies of a repetition, so that they fight over the same keys.
  public let seed: UInt64

  /// Makes an entry of a plan.
  public init(cell: Cell, strategyIndex: Int, repetition: Int, position: Int, seed: UInt64) {
    self.cell = cell
    self.strategyIndex = strategyIndex
    self.repetition = repetition
    self.position = position
    self.seed = seed
  }
}
