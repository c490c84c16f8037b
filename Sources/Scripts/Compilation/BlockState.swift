/// Whether a transaction block may be open at a point of a script.
struct BlockState: OptionSet {
  let rawValue: Int

  static let outside = BlockState(rawValue: 1)
  static let inside = BlockState(rawValue: 2)
}

/// The conditions that are open at a point of a script.
struct OpenCondition {
  let place: ScriptPlace
  /// Jumps to its end.
  var ends: [Int] = []
  /// The jump over the branch in hand; nil in the branch of `\else`.
  var next: Int?
  let before: BlockState
  /// What the branches that have ended leave.
  var after: BlockState = []
  let pipelines: Int
}
