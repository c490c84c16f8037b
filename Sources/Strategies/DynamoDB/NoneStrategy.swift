#if DynamoDB
internal import Model
internal import Runtime

/// `dynamodb.none`: read, decide, update, without a condition.
struct NoneStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "read, decide, update, without a condition. A planted control: the checkers must catch it.",
    algorithm: """
      `GetItem` with a consistent read (`TransactGetItems` for several records); decide in the program; one `UpdateItem`
      without condition per changed record. Protocol tested against an emulator; figures mean nothing there.
      """,
    guarantees: "nothing beyond single requests.",
    doesNotGuarantee: "that an acknowledged update stays, or that several records change together.",
    failureWindow: "from the read to the last update, at all times.",
    roundTrips: "0; nothing is held.",
    source: #"the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels"."#)

  static let descriptor = StrategyDescriptor.dynamoDB(
    "none", "read, then update without condition: the control that must lose updates", documentation, grade: .required)
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> DynamoDBConfiguration {
    try DynamoDBConfiguration(environment)
  }

  static func open(
    _ configuration: DynamoDBConfiguration, _ worker: WorkerContext
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
    if decision == .write { try await session.overwrite(attempt) }
    attempt.leave()
    return decision == .refuse ? .refused : .committed
  }

  mutating func reopen() async throws(SetupFailure) { try await session.open() }
  consuming func close() async { session.close() }
}
#endif
