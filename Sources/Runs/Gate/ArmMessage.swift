internal import Gate
public import Model
internal import Services

/// The messages between a gate and its arms, each a process of its own program. The arm speaks first; from then on every
/// request has one answer.
enum ArmMessage: Codable {
  /// Arm: I am here, and this is the protocol that I speak.
  case hello(version: Int)
  /// Gate: read this scenario.
  case read(ArmScenario)
  /// Arm: what the scenario holds.
  case plan(ArmPlan)
  /// Gate: start or reach the services, and make the results folder.
  case open(ArmOpening)
  /// Arm: ready to measure.
  case opened(runID: String)
  /// Gate: measure and store one slice.
  case measure(ArmSlice)
  /// Arm: the slice is stored.
  case measured
  /// Gate: remove everything from the services and end.
  case close
  /// Arm: nothing is left.
  case closed
  /// Arm: the request could not be met; the exit code that this would have, and why.
  case refused(status: Int32, message: String)

  /// The version that this program speaks.
  static let version = 1
}

/// Where an arm finds its scenario.
struct ArmScenario: Codable {
  /// The file.
  let path: String
  /// Replaced settings, as `path=value`.
  let overrides: [String]
}

/// What the gate needs to know of an arm's scenario.
public struct ArmPlan: Codable {
  /// A cell of the scenario.
  public struct PlannedCell: Codable {
    /// The cell.
    public let cell: Cell
    let isControl: Bool
    /// Warm-up and window that the scenario asks for; the window is nil when a number of operations bounds it.
    let warmup: Duration
    let window: Duration?
  }
  /// Name of the scenario.
  public let name: String
  /// Its cells, in its order.
  public let cells: [PlannedCell]
  /// The services that its strategies need.
  let services: [String]
  /// Where they are. May hold passwords.
  let locations: ServiceSettings
  /// The numbers of workers, for which servers must have room.
  let workers: [Int]
  /// How it wants to be judged.
  public let policy: GatePolicy
}

/// What an arm needs before its first slice.
struct ArmOpening: Codable {
  /// The results folder, which is new or empty.
  let folder: String
  /// Seed of the gate.
  let seed: UInt64
  /// The gate's command line, for the record.
  let arguments: [String]
  /// Managed services that the gate has started for both arms.
  let shared: [SharedService]
  /// What the first stage intends to measure.
  let planned: [ArmSlice]
}

/// One slice of an arm.
struct ArmSlice: Codable {
  let cell: Cell
  let repetition: Int
  /// Position among the slices of the arm, from 1.
  let position: Int
  let seed: UInt64
  /// Warm-up at most this long.
  let warmup: Duration
  /// The measured window, unless a number of operations bounds the trial.
  let window: Duration
}
