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
    /// The cells measured in the block, in that order.
    public var cells: [Cell]
    /// For each cell the arm that goes first in its first pair of slices; from pair to pair they take turns.
    public var first: [GateSide]
    /// Makes a block.
    public init(number: Int, stage: Int, cells: [Cell], first: [GateSide]) {
      self.number = number
      self.stage = stage
      self.cells = cells
      self.first = first
    }
  }

  /// Version of the structure.
  public var schemaVersion = 1
  /// Seed of the order of arms and cells.
  public var seed: UInt64
  /// Slices of each arm in a block: S.
  public var slicesPerBlock: Int
  /// The cells that both arms must have, in the order of the scenario.
  public var cells: [Cell]
  /// Cells that only the base's scenario has.
  public var removed: [Cell] = []
  /// Cells that only the candidate's scenario has: they are not measured.
  public var added: [Cell] = []
  /// True when the scenario is new: both arms are the candidate's, and their speed is compared with nothing. Left out
  /// otherwise.
  public var isNew: Bool?
  /// What is measured, in order.
  public var blocks: [Block]
  /// Id of the run of each arm, `base` and `candidate`: whoever exchanges the folders is noticed.
  public var runs: [String: String] = [:]
  /// How the gate was to judge when it began.
  public var policy: GatePolicy

  /// Makes a schedule of which nothing has run.
  public init(seed: UInt64, slicesPerBlock: Int, cells: [Cell], blocks: [Block], policy: GatePolicy) {
    self.seed = seed
    self.slicesPerBlock = slicesPerBlock
    self.cells = cells
    self.blocks = blocks
    self.policy = policy
  }

  /// Name of the file.
  public static let file = "gate.json"

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
      schedule.blocks.allSatisfy({ (1...100_000).contains($0.number) && (1...2).contains($0.stage) }),
      !schedule.cells.isEmpty, Set(schedule.cells) == Set(schedule.blocks.flatMap(\.cells))
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
