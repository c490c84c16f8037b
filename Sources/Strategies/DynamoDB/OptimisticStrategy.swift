#if DynamoDB
internal import Model
internal import Runtime

/// `dynamodb.optimistic`: an update under the condition that the version is still the one that was read.
struct OptimisticStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "an update under the condition that the version is still the one that was read.",
    algorithm: """
      `GetItem` with `ConsistentRead`; decide; `UpdateItem` with `SET amount = :new, version = version + :one` and
      `ConditionExpression: version = :seen`. Several records: `TransactGetItems`, then `TransactWriteItems` with an
      `Update` for each that changes and a `ConditionCheck` for each that was only read.
      ConditionalCheckFailedException, and a transaction cancelled for a failed condition or for another transaction,
      are conflicts: nothing was stored, and the retry policy decides when to read again. Throttling counts as not
      acquired. Protocol tested against an emulator; figures mean nothing there.
      """,
    guarantees: "no lost update; several records change together; several values read belong to one moment.",
    doesNotGuarantee: """
      progress of one worker: under contention most attempts lose, and a lost write costs its capacity.
      """,
    failureWindow: "none; nothing is held. A lost answer to the write leaves the outcome `unknown`.",
    roundTrips: "0; an attempt takes 2. The client speaks HTTP/1.1.",
    source: """
      AWS, "Amazon DynamoDB Developer Guide", "Condition expressions" and "Optimistic locking with version number".
      """)

  static let descriptor = StrategyDescriptor.dynamoDB(
    "optimistic", "UpdateItem under a condition on the version", documentation)
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> DynamoDBConfiguration {
    try DynamoDBConfiguration(environment)
  }

  static func open(
    _ configuration: DynamoDBConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> OptimisticStrategy {
    let session = Session(configuration, worker)
    try await session.open()
    return OptimisticStrategy(session: session)
  }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    try await session.read(attempt)
    if attempt.operation.isReadOnly { return .committed }
    await attempt.hold()
    guard attempt.decide() == .write else { return .refused }
    try await session.writeIfUnchanged(attempt)
    return .committed
  }

  mutating func reopen() async throws(SetupFailure) { try await session.open() }
  consuming func close() async { session.close() }
}
#endif
