#if DynamoDB
internal import Model
internal import Runtime

/// `dynamodb.none`: read, decide, update, without a condition. A planted control: the checkers must catch it.
///
/// Algorithm: `GetItem` with a consistent read (`TransactGetItems` for several records); decide in the program; one
/// `UpdateItem` without condition per changed record.
/// Protocol tested against an emulator; figures mean nothing there.
/// Guarantees: nothing beyond single requests.
/// Does not guarantee: that an acknowledged update stays, or that several records change together.
/// Failure window: from the read to the last update, at all times.
/// Round trips under the lock: 0; nothing is held.
/// Source: the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels".
struct NoneStrategy: Strategy, ~Copyable {
  static let descriptor = StrategyDescriptor.dynamoDB(
    "none", "read, then update without condition: the control that must lose updates", grade: .required)
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
