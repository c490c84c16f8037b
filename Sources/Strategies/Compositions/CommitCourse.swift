internal import Model
internal import Runtime

/// Stages of a two-phase commit, in their order.
enum CommitStage: Int, CaseIterable {
  case work, prepare, decide, commit

  /// Names, as the descriptor states them.
  static let names = ["work", "prepare", "decide", "commit"]
}

/// Points of a two-phase commit at which faults end the process, in their order.
enum CommitPoint: Int, CaseIterable {
  case beforePrepare, betweenPrepares, beforeDecision, afterDecision, betweenCommits

  /// Names, as the descriptor states them.
  static let names = ["before-prepare", "between-prepares", "before-decision", "after-decision", "between-commits"]
}

/// How long the stages of one operation took.
struct CommitTimes {
  private var last = monotonicNow()
  private var spent: InlineArray<4, Int64> = InlineArray(repeating: -1)

  mutating func end(_ stage: CommitStage) {
    let now = monotonicNow()
    spent[stage.rawValue] = now &- last
    last = now
  }

  func record(_ recorder: StageRecorder) {
    for stage in 0..<4 where spent[stage] >= 0 { recorder.record(stage, nanoseconds: spent[stage]) }
  }
}

/// The steps of an operation by database.
struct PlacedSteps {
  private var parts: InlineArray<4, Part> = InlineArray(repeating: Part())
  /// Databases that have a step.
  private(set) var count = 0

  init(_ operation: Operation, _ sharding: Sharding) {
    for shard in 0..<sharding.count {
      parts[shard] = Part(of: operation, in: shard, sharding)
      if !parts[shard].isEmpty { count += 1 }
    }
  }

  /// Those in one database.
  subscript(shard: Int) -> Part { parts[shard] }
}
