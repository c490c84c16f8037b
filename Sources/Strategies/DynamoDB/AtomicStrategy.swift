#if DynamoDB
internal import NetworkTransport
internal import Model
internal import Runtime

/// `dynamodb.atomic`: the guard and the change in one request.
struct AtomicStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "the guard and the change in one request.",
    algorithm: """
      `UpdateItem` with `SET amount = amount + :change` and, where there is a bound, `ConditionExpression: amount >=
      :needed`; the answer holds the new value (`ReturnValues: UPDATED_NEW`). A claim or a release sets the amount under
      the condition that it is what it must be. A condition that does not hold is the refusal. Reads are `GetItem` with `ConsistentRead`. Protocol tested against an emulator; figures mean nothing
      there.
      """,
    guarantees: "no lost update and no value beyond its guard; no conflict, no retry.",
    doesNotGuarantee: "decisions over several records, or that cannot be stated as a guarded addition.",
    failureWindow: """
      none; nothing is held. A lost answer leaves the outcome `unknown`: a client that sends the request again, as the
      libraries of AWS do by themselves, may add twice.
      """,
    roundTrips: "0; an attempt takes 1. The client speaks HTTP/1.1.",
    source: #"AWS, "Amazon DynamoDB Developer Guide", "Condition expressions" and "Atomic counters"."#)

  static let descriptor = StrategyDescriptor.dynamoDB(
    "atomic", "one UpdateItem that adds under a condition", documentation, applicability: .singleKey)
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> DynamoDBConfiguration {
    try DynamoDBConfiguration(environment)
  }

  static func open(
    _ configuration: DynamoDBConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> AtomicStrategy {
    let session = Session(configuration, worker)
    try await session.open()
    return AtomicStrategy(session: session)
  }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let step = attempt.operation[0]
    if step.effect == .read {
      try await session.read(attempt)
      return .committed
    }
    // There is no time between reading and writing: the client thinks before.
    await attempt.hold()
    let table = session.configuration.table
    let token = attempt.operation.token
    let update =
      step.effect == .add
      ? Request.add(table, step.key, step.operand, least: step.bound)
      : Request.replace(table, step.key, step.expected(token: token), by: step.replacement(token: token))
    let answer = await session.ask("UpdateItem", "{\(update)}")
    if answer.isConditionFailed { return .refused }
    let changed = try session.require(answer, decides: true, attempt)
    guard let value = changed["Attributes"]?["amount"]?["N"]?.number else {
      attempt.note(error: "DynamoDB: the answer to an update holds no number")
      throw .ambiguous
    }
    attempt.values[0] = value
    return .committed
  }

  mutating func reopen() async throws(SetupFailure) { try await session.open() }
  consuming func close() async { session.close() }
}
#endif
