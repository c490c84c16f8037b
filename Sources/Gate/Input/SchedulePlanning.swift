public import Model

extension GateSchedule {
  /// A cell that both arms have.
  public struct PlannedCell: Sendable, Equatable {
    /// The cell.
    public let cell: Cell
    /// Whether it must violate: its speed is not compared, so it is measured only until it had the chance to.
    public let isControl: Bool
    /// Makes a cell.
    public init(_ cell: Cell, isControl: Bool) {
      self.cell = cell
      self.isControl = isControl
    }
  }

  /// Blocks in which a control is measured.
  static let controlBlocks = 2

  /// The first stage: every cell in every block, controls in the first two.
  public init(screening cells: [PlannedCell], policy: GatePolicy, seed: UInt64) {
    self.init(
      seed: seed, slicesPerBlock: policy.slices, cells: cells.map(\.cell), blocks: [], policy: policy)
    for number in 1...policy.blocks {
      append(cells.filter { !$0.isControl || number <= Self.controlBlocks }.map(\.cell), stage: 1)
    }
  }

  /// Adds a block. The cells are shuffled, so that none always follows the same other, and a coin decides for each which
  /// arm goes first: what the machine does over time meets either arm with the same probability.
  public mutating func append(_ cells: [Cell], stage: Int) {
    let number = blocks.count + 1
    var random = RandomSource(seed: seed, stream: UInt64(number))
    let shuffled = cells.shuffled(using: &random)
    let first = shuffled.map { _ in random.below(2) == 0 ? GateSide.base : .candidate }
    blocks.append(Block(number: number, stage: stage, cells: shuffled, first: first))
  }

  /// One measurement of one arm.
  public struct Slice: Sendable, Equatable {
    /// The arm.
    public let side: GateSide
    /// The cell.
    public let cell: Cell
    /// Repetition in the arm.
    public let repetition: Int
  }

  /// The slices of a block in the order in which they are measured: pair by pair, and within the pairs by turns
  /// base-candidate and candidate-base, so that a drift that is straight over four slices cancels out.
  public func slices(of block: Block) -> [Slice] {
    zip(block.cells, block.first).flatMap { cell, first in
      repetitions(of: block).enumerated().flatMap { index, repetition in
        let order = index.isMultiple(of: 2) ? [first, first.other] : [first.other, first]
        return order.map { Slice(side: $0, cell: cell, repetition: repetition) }
      }
    }
  }

  /// The seed of the operations of a repetition: the same in both arms and in all cells.
  public func seed(ofRepetition repetition: Int) -> UInt64 {
    seed &+ UInt64(repetition) &* 0x9E37_79B9_7F4A_7C15
  }
}

extension GateSide {
  /// The other arm.
  public var other: GateSide { self == .base ? .candidate : .base }
}
