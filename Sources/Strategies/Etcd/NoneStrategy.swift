#if Etcd
internal import Model
internal import Runtime

/// `etcd.none`: read, decide, put, without a comparison.
struct NoneStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "read, decide, put, without a comparison. A planted control: the checkers must catch it.",
    algorithm: """
      one transaction reads all records, decide in the program, one transaction puts the changed ones whatever they are
      by then.
      """,
    guarantees: "that several records read belong to one moment, and that several change together.",
    doesNotGuarantee: "that an acknowledged update stays.",
    failureWindow: "from the read to the put, at all times.",
    roundTrips: "0; nothing is held.",
    source: #"the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels"."#)

  static let descriptor = StrategyDescriptor.etcd(
    "none", "read, then put: the control that must lose updates", documentation, grade: .required)
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> EtcdConfiguration {
    try EtcdConfiguration(environment)
  }

  static func open(
    _ configuration: EtcdConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> NoneStrategy {
    let session = Session(configuration, worker)
    try await session.open()
    return NoneStrategy(session: session)
  }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    // Believes to be alone, as the witness shows.
    attempt.enter()
    try await session.read(attempt)
    await attempt.hold()
    let decision = attempt.decide()
    if decision == .write { _ = try await session.write(attempt) }
    attempt.leave()
    return decision == .refuse ? .refused : .committed
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async { await session.close() }
}
#endif
