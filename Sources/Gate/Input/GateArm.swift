public import Model
public import Results

/// One side of a comparison: what the gate needs of a stored run.
public struct GateArm: Sendable {
  /// The folder, as the user named it.
  public var path: String
  /// The run's id; empty when it could not be read.
  public var runID = ""
  /// Name of the scenario.
  public var scenario = ""
  /// What ran.
  public var trials: [TrialResult] = []
  /// What was meant to run.
  public var planned: [PlannedTrial] = []
  /// Machine, versions and settings; nil when the folder does not state them.
  public var environment: Environment?
  /// Why the results could not be read; nil when they could.
  public var problem: String?

  /// An arm without results.
  public init(path: String) { self.path = path }

  /// A run as its folder holds it.
  public init(_ run: StoredRun) {
    path = run.path
    runID = run.id
    scenario = run.scenario
    trials = run.trials
    planned = run.planned
    environment = run.environment
  }

  /// Identity of a trial within an arm.
  struct TrialID: Hashable {
    let cell: Cell
    let repetition: Int
  }

  /// The trials by identity, their last measurements; of two with the same, the first.
  func trialsByID() -> [TrialID: TrialResult] {
    Dictionary(trials.standing.map { (TrialID(cell: $0.cell, repetition: $0.repetition), $0) }) { first, _ in first }
  }

  /// The cells that were meant to run, in the order in which they first appear.
  public var plannedCells: [Cell] { planned.map(\.cell).withoutDuplicates }
}

/// Which of the two.
public enum GateSide: String, Sendable, Codable, CaseIterable {
  /// What is compared with.
  case base
  /// What is judged.
  case candidate
}

extension Array where Element: Hashable {
  /// The elements in the order of their first appearance.
  var withoutDuplicates: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}

extension Cell {
  /// A cell as the gate prints it and as waivers name it: `redis.lock, 8 workers, keys=16`. The number stands as scenario
  /// files write it, without separators.
  public var title: String {
    "\(strategy), \(workers) \(workers == 1 ? "worker" : "workers")" + (variant.isEmpty ? "" : ", \(variant)")
  }
}
