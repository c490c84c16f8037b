public import Model
internal import Words

/// Where strategies are compared with each other: everything of a cell but the strategy.
public struct LoadPoint: Sendable, Hashable {
  /// Number of workers.
  public let workers: Int
  /// What else is swept, as `keys=16, hold=1ms`; empty when only workers are.
  public let variant: String

  /// Makes a load point.
  public init(workers: Int, variant: String = "") {
    self.workers = workers
    self.variant = variant
  }

  /// The load point of a cell.
  public init(_ cell: Cell) { self.init(workers: cell.workers, variant: cell.variant) }

  /// The point in a sentence: `8 workers, keys=16`.
  public var name: String {
    let text = counted(workers, "worker")
    return variant.isEmpty ? text : "\(text), \(variant)"
  }
}
