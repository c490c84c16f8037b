internal import FoundationEssentials
public import Model
public import Results

/// How the two arms of a live gate took turns: the content of `gate.json` in the folder above both.
///
/// Each arm is an ordinary results folder, `base` and `candidate`, with one trial per slice. A cell's slice s of block b,
/// both from 1, is the trial with repetition `(b - 1) * slicesPerBlock + s`, in both arms. The blocks are written before
/// they are run: what then is missing in an arm did not finish, and the gate refuses to judge without it.
///
/// In the file, names are in snake case.
public struct GateSchedule: Sendable, Equatable, Codable {
  /// Some pairs of slices of several cells, one after the other.
  public struct Block: Sendable, Equatable, Codable {
    /// From 1, without gaps, over both stages.
    public var number: Int
    /// 1 screens all cells; 2 measures anew those that stage 1 found worse.
    public var stage: Int
    /// The cells measured in the block.
    public var cells: [Cell]
    /// Makes a block.
    public init(number: Int, stage: Int, cells: [Cell]) {
      self.number = number
      self.stage = stage
      self.cells = cells
    }
  }

  /// Which arm went first in a pair of slices.
  public struct Turn: Sendable, Equatable, Codable {
    /// The cell.
    public var cell: Cell
    /// Repetition of the pair in both arms.
    public var repetition: Int
    /// The arm that was measured first.
    public var first: GateSide
    /// Makes a turn.
    public init(cell: Cell, repetition: Int, first: GateSide) {
      self.cell = cell
      self.repetition = repetition
      self.first = first
    }
  }

  /// Version of the structure.
  public var schemaVersion = 1
  /// Seed of the order of arms and cells.
  public var seed: UInt64
  /// Slices of each arm in a block: S.
  public var slicesPerBlock: Int
  /// What is measured, in order.
  public var blocks: [Block]
  /// Who went first, pair by pair, in the order of measurement.
  public var turns: [Turn] = []
  /// How the gate was to judge when it began.
  public var policy: GatePolicy
  /// Version of the program in each arm.
  public var versions: [String: String] = [:]

  /// Makes a schedule of which nothing has run.
  public init(seed: UInt64, slicesPerBlock: Int, blocks: [Block], policy: GatePolicy) {
    self.seed = seed
    self.slicesPerBlock = slicesPerBlock
    self.blocks = blocks
    self.policy = policy
  }

  /// Name of the file.
  public static let file = "gate.json"

  /// All cells, in the order in which they first appear.
  public var cells: [Cell] { blocks.flatMap(\.cells).withoutDuplicates }

  /// The repetitions of a block in both arms.
  public func repetitions(of block: Block) -> ClosedRange<Int> {
    (block.number - 1) * slicesPerBlock + 1...block.number * slicesPerBlock
  }

  /// Reads the content of `gate.json`.
  ///
  /// - Throws: when it is damaged or states a schedule that no gate makes.
  public init(json: [UInt8], path: String) throws(ResultsFailure) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let schedule = try? decoder.decode(GateSchedule.self, from: Data(json))
    guard let schedule, schedule.schemaVersion == 1, (1...1000).contains(schedule.slicesPerBlock),
      schedule.blocks.allSatisfy({ (1...100_000).contains($0.number) && (1...2).contains($0.stage) })
    else { throw ResultsFailure("\(path): this is no schedule of a gate, or a damaged one; run the gate again") }
    self = schedule
  }

  /// The content of `gate.json`.
  public func json() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    // Encoding fails for numbers that JSON does not have; a policy from a scenario has none.
    let data = (try? encoder.encode(self)) ?? Data("{}".utf8)
    return Array(data) + [UInt8(ascii: "\n")]
  }
}
