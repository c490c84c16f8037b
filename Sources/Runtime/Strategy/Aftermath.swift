public import Model

/// What happens after a trial of a strategy: what it has to finish, what it leaves in its stores besides the values of
/// records, and who judges that.
public struct Aftermath: Sendable {
  /// Judge ``Evidence/remains``, after the checkers of the workload.
  public let checkers: [any Checker]
  /// Finishes what was left unfinished and asks the stores; called by the driver when no session of a worker is left, and
  /// before the values of the records are read. May block.
  public let collect: @Sendable (StrategyEnvironment) throws(SetupFailure) -> Remains

  /// States what happens.
  public init(
    judgedBy checkers: [any Checker],
    _ collect: @escaping @Sendable (StrategyEnvironment) throws(SetupFailure) -> Remains
  ) {
    self.checkers = checkers
    self.collect = collect
  }

  /// The same of a strategy inside a lock, whose options are stated among those of both.
  public var ofInner: Aftermath {
    Aftermath(judgedBy: checkers) { [collect] (both) throws(SetupFailure) in
      try collect(both.ofInner())
    }
  }
}
