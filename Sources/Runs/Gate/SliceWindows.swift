internal import Gate
internal import Model
internal import Words

/// How long the slices of a live gate are.
struct SliceWindows {
  /// The measured window, of cells that are not bounded by operations.
  let window: Duration
  /// The most of the scenario's warm-up that a slice has: connections are open and caches warm after a few milliseconds.
  let warmup: Duration
  private let isBoundedByOperations: Set<Cell>
  private let warmups: [Cell: Duration]

  /// What a slice takes besides its warm-up and window: processes, sessions, seeding, checking, storing.
  private static let overhead = 0.15
  /// What the first stage may take, as long as slices do not get too short for it: a gate of the quickstart, with what is
  /// measured again, then ends in less than five minutes.
  private static let budget = 170.0
  private static let shortest = 0.125
  private static let longest = 0.5

  init(policy: GatePolicy, plans: [ArmPlan], schedule: GateSchedule) {
    let slices = Double(2 * schedule.slicesPerBlock * schedule.blocks.reduce(0) { $0 + $1.cells.count })
    let share = (Self.budget / max(1, slices) - Self.overhead) / 1.25
    window = policy.slice ?? .milliseconds(Int(1000 * min(Self.longest, max(Self.shortest, share))))
    warmup = window / 4
    let cells = plans.flatMap(\.cells)
    isBoundedByOperations = Set(cells.filter { $0.window == nil }.map(\.cell))
    warmups = Dictionary(cells.map { ($0.cell, $0.warmup) }, uniquingKeysWith: max)
  }

  /// About how long a slice of a cell takes; of one that is bounded by operations only what is known.
  func seconds(of cell: Cell) -> Double {
    let warm = min(warmup, warmups[cell] ?? .zero)
    return Self.overhead + (warm + (isBoundedByOperations.contains(cell) ? .zero : window)) / .seconds(1)
  }

  /// About how long a schedule takes.
  func seconds(of schedule: GateSchedule) -> Double {
    schedule.blocks.reduce(0) { sum, block in
      sum + block.cells.reduce(0) { $0 + 2 * Double(schedule.slicesPerBlock) * seconds(of: $1) }
    }
  }

  /// What will be measured, in one sentence.
  func extent(of schedule: GateSchedule) -> String {
    let length =
      isBoundedByOperations.isEmpty ? formatDuration(nanoseconds: Double(window.nanoseconds)) : "their operations"
    let rest = isBoundedByOperations.isEmpty ? "" : " and what the operations take"
    return "\(counted(schedule.cells.count, "cell")), \(schedule.policy.blocks) pairs of blocks of "
      + "\(counted(schedule.slicesPerBlock, "slice")) of \(length): about "
      + "\(formatTimeLeft(seconds: seconds(of: schedule)))\(rest), longer if something is worse"
  }

}
