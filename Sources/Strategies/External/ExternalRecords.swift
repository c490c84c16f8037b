public import Model
public import Runtime

/// `external.records`: a program of the user's does whole operations.
public struct ExternalRecords: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: """
      a program of yours does whole operations on the table `records`: what an object mapper, a repository class or a
      stored procedure makes of them.

      A scenario names it with `external: PROGRAM, as: records`. The page ExternalClients of the documentation has the
      protocol, and `contend adapter check PROGRAM` tries whether a program speaks it.
      """,
    algorithm: """
      each worker starts the program (or, with `programs: per-process`, all workers of a process one) and greets it. For
      each attempt it sends `perform` with the steps of the operation: additions with their bounds, claims, releases,
      reads. The program reads, waits as long as it is told (the hold time), writes, and answers with the outcome and the
      values. contend decides whether to try again.
      """,
    guarantees: """
      those of the program. Outcomes that it cannot know are `unknown`, and so is that of a program that dies: the final
      values must fit one or the other.
      """,
    doesNotGuarantee: """
      that two at once inside are seen: contend does not know when the program is inside, only what comes of it.
      """,
    failureWindow: "that of the library.",
    roundTrips: """
      those of the program, and one over two pipes around them (5 to 20 us; `floor.external` measures it).
      """,
    source: "the page ExternalClients.")

  static let descriptor: StrategyDescriptor = {
    var descriptor = StrategyDescriptor(
      id: "external.records", summary: "a program of yours does whole operations", documentation: documentation,
      store: "postgres", options: AdapterOptions.all, scope: .network, threading: .shared, returnsValues: true)
    descriptor.takesProgram = true
    return descriptor
  }()

  private let session: AdapterSession

  /// Reads options and addresses.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> AdapterPlan {
    try AdapterPlan(environment, role: .operations)
  }

  /// Starts the program, or finds it running.
  public static func open(_ plan: AdapterPlan, _ worker: WorkerContext) async throws(SetupFailure) -> ExternalRecords {
    ExternalRecords(session: try await AdapterSession(plan, worker))
  }

  /// Has the operation done once.
  public mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let (worker, operation, identity, hold) = (session.worker, attempt.operation, attempt.identity, attempt.holdTime)
    let answer = await session.ask(.perform) { writer in
      writer.append(worker: worker)
      writer.append(operation, identity, hold: hold)
    }
    switch answer {
    case .unsent: throw .connectionLost
    case .lost: throw .ambiguous
    case .reply: break
    }
    let reply = session.call.reply
    switch reply.kind {
    case .committed:
      guard reply.values == operation.count else {
        session.adapter.misbehaved("has answered \(operation.count) steps with \(reply.values) values")
        throw .ambiguous
      }
      for index in 0..<operation.count { attempt.values[index] = session.call.values[index] }
      return .committed
    case .refused: return .refused
    case .unknown: throw .ambiguous
    default: throw session.failure(attempt)
    }
  }

  /// Has the program open what the worker needs once more.
  public mutating func reopen() async throws(SetupFailure) { try await session.reopen() }

  /// Ends the program, if nobody else uses it.
  public consuming func close() async { await session.close() }
}
