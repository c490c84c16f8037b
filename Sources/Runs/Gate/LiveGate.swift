internal import Engine
public import Gate
@preconcurrency internal import Glibc
public import Model
internal import Results
internal import Words

/// A gate that measures both arms on this machine, slice by slice in turns, and judges what they stored.
///
/// What will be measured is written to `gate.json` before it is: results that then lack something are refused.
public struct LiveGate {
  /// The folder with `gate.json` and the results of both arms.
  public let folder: String
  /// What is and will be measured.
  private(set) var schedule: GateSchedule
  private let arms: ArmPair
  private let windows: SliceWindows
  private var observer: any GateObserver
  /// Slices stored so far, of both arms.
  private(set) var measured = 0
  private var positions: [GateSide: Int] = [:]

  /// Plans the first stage. Nothing has been written.
  ///
  /// - Parameters:
  ///   - arms: both arms, which have read their scenarios.
  ///   - isNew: whether there is no base: both arms are the candidate's.
  ///   - policy: how to judge.
  ///   - seed: of the order and of the operations.
  ///   - folder: where results go; new or empty.
  ///   - observer: is told how far it is.
  /// - Throws: ``GateFailure`` when the arms have no cell in common.
  public init(
    _ arms: ArmPair, isNew: Bool, policy: GatePolicy, seed: UInt64, folder: String, observer: any GateObserver
  ) throws {
    let (before, after) = (arms.base.cells, arms.candidate.cells)
    let common = before.filter { one in after.contains { $0.cell == one.cell } }
    guard !common.isEmpty else {
      throw GateFailure(.incomparable, "the two scenarios have no cell in common: there is nothing to compare")
    }
    // What is a control on one side only must be correct on the other, which takes more than the chance to fail.
    schedule = GateSchedule(
      screening: common.map { one in
        let other = after.first { $0.cell == one.cell }
        return GateSchedule.PlannedCell(one.cell, isControl: one.isControl && other?.isControl ?? false)
      }, policy: policy, seed: seed)
    schedule.removed = before.map(\.cell).filter { cell in !after.contains { $0.cell == cell } }
    schedule.added = after.map(\.cell).filter { cell in !before.contains { $0.cell == cell } }
    if isNew { schedule.isNew = true }
    self.arms = arms
    self.folder = folder
    windows = SliceWindows(policy: policy, plans: [arms.base, arms.candidate], schedule: schedule)
    self.observer = observer
  }

  /// Starts the services and makes all files.
  mutating func open() throws {
    observer.begin(windows.extent(of: schedule), seconds: windows.seconds(of: schedule))
    guard access("\(folder)/\(GateSchedule.file)", F_OK) != 0 else {
      throw GateFailure(.usage, "\(folder) holds a gate already; name a new or empty folder with --out")
    }
    var planned: [GateSide: [ArmSlice]] = [:]
    for block in schedule.blocks {
      for slice in schedule.slices(of: block) {
        planned[slice.side, default: []].append(armSlice(slice, position: planned[slice.side, default: []].count + 1))
      }
    }
    schedule.runs = try arms.open { side, shared in
      ArmOpening(
        folder: "\(folder)/\(side.rawValue)", seed: schedule.seed, arguments: CommandLine.arguments, shared: shared,
        planned: planned[side] ?? [])
    }
    try write()
  }

  /// Measures the first stage and, of two, what it flags once more.
  mutating func measure(stages: Int) throws {
    try measure(stage: 1, from: 0, wanted: schedule.policy.blocks)
    guard stages > 1 else { return }
    let first = judge().verdict()
    let again = first.cellsToConfirm
    guard !again.isEmpty else { return }
    let count = schedule.blocks.count
    for _ in 0..<first.blocksToConfirm { schedule.append(again, stage: 2) }
    observer.announce("\(again.count) of \(schedule.cells.count) cells are worse so far and measured anew")
    try write()
    try measure(stage: 2, from: count, wanted: first.blocksToConfirm)
  }

  /// The judge of what is stored by now.
  public func judge() -> Judge {
    Judge(
      base: StoredArm("\(folder)/base").arm, candidate: StoredArm("\(folder)/candidate").arm, schedule: schedule,
      policy: schedule.policy)
  }

  /// Measures the blocks from an index on, then as many more as others disturbed, but at most half as many again:
  /// a gate on a busy machine ends in time, and says that it could not decide.
  private mutating func measure(stage: Int, from index: Int, wanted: Int) throws {
    try measureBlocks(from: index, stage: stage)
    var allowance = wanted / 2
    while allowance > 0 {
      let short = judge().shortages(inStage: stage, wanted: wanted)
      guard let most = short.values.max().map({ min($0, allowance) }) else { return }
      let start = schedule.blocks.count
      for number in 1...most {
        schedule.append(schedule.cells.filter { short[$0, default: 0] >= number }, stage: stage)
      }
      allowance -= most
      observer.announce("\(counted(most, "more block")): others used the CPU during some slices")
      try write()
      try measureBlocks(from: start, stage: stage)
    }
  }

  private mutating func measureBlocks(from index: Int, stage: Int) throws {
    for block in schedule.blocks[index...] {
      for slice in schedule.slices(of: block) {
        positions[slice.side, default: 0] += 1
        observer.begin(slice, block: block.number, of: schedule.blocks.count)
        try arms.measure(armSlice(slice, position: positions[slice.side, default: 0]), slice.side)
        measured += 1
        observer.advance(by: windows.seconds(of: slice.cell))
      }
      observer.end(block: block.number, of: schedule.blocks.count)
    }
  }

  private func armSlice(_ slice: GateSchedule.Slice, position: Int) -> ArmSlice {
    ArmSlice(
      cell: slice.cell, repetition: slice.repetition, position: position,
      seed: schedule.seed(ofRepetition: slice.repetition), warmup: windows.warmup, window: windows.window)
  }

  private func write() throws(ResultsFailure) {
    try OutputFile.write(schedule.json(), to: "\(folder)/\(GateSchedule.file)")
  }

  /// Ends both arms and stops the servers.
  mutating func close() {
    observer.end()
    for message in arms.close() { observer.leave(behind: message) }
  }
}
