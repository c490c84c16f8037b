#if ZooKeeper
internal import Model
internal import Runtime

/// `zookeeper.none`: read, decide, write, each request on its own.
struct NoneStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "read, decide, write, each request on its own. A planted control: the checkers must catch it.",
    algorithm: """
      for each record `getData`, decide in the program, then for each changed record `setData` of any version.
      """,
    guarantees: "nothing. It is what code does that trusts in ZooKeeper's one order of all writes.",
    doesNotGuarantee: """
      that an acknowledged update stays, that several values read belong together, or that several records change
      together.
      """,
    failureWindow: "from `getData` to `setData`, at all times.",
    roundTrips: "0; nothing is held.",
    source: #"the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels"."#)

  static let descriptor = StrategyDescriptor.zookeeper(
    "none", "getData, then setData of any version: the control that must lose updates", documentation, grade: .required)
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> ZooKeeperConfiguration {
    try ZooKeeperConfiguration(environment)
  }

  static func open(
    _ configuration: ZooKeeperConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> NoneStrategy {
    let session = Session(configuration, worker)
    try await session.open()
    return NoneStrategy(session: session)
  }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let operation = attempt.operation
    // Believes to be alone, as the witness shows.
    attempt.enter()
    for index in 0..<operation.count { _ = try await session.read(index, attempt) }
    await attempt.hold()
    let decision = attempt.decide()
    if decision == .write { try await write(attempt) }
    attempt.leave()
    return decision == .refuse ? .refused : .committed
  }

  private func write(_ attempt: Attempt) async throws(AttemptFailure) {
    var hasWritten = false
    for index in 0..<attempt.operation.count where attempt.operation[index].writes {
      do throws(AttemptFailure) {
        try await session.write([session.change(index, attempt)], attempt)
      } catch {
        // A part is stored already, so it must not count as if nothing had happened.
        throw hasWritten ? .ambiguous : error
      }
      hasWritten = true
    }
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async { session.close() }
}
#endif
