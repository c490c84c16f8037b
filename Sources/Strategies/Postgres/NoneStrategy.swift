internal import Model
internal import Runtime

/// `postgres.none`: read, decide, write, each statement on its own.
struct NoneStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "read, decide, write, each statement on its own. A planted control: the checkers must catch it.",
    algorithm: """
      for each record `SELECT value FROM records WHERE id = $1`, decide in the client, then for each changed record
      `UPDATE records SET value = $2 WHERE id = $1`; READ COMMITTED, every statement is its own transaction.
      """,
    guarantees: "nothing. It is what an ORM does that loads an object, changes it and saves it.",
    doesNotGuarantee: """
      that an acknowledged update stays, that several values read belong together, or that several records change
      together.
      """,
    failureWindow: "from the `SELECT` to the `UPDATE`, at all times.",
    roundTrips: "0; nothing is held.",
    source: #"the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels"."#)

  static let descriptor = StrategyDescriptor(
    id: "postgres.none", summary: "SELECT, then UPDATE: the control that must lose updates",
    documentation: documentation, needs: ["postgres"], store: "postgres", scope: .network, threading: .perConnection,
    grade: .required, returnsValues: true, lists: ListTransactions.none)
  private var session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SessionPlan {
    try SessionPlan(environment, [.read, .write])
  }

  static func open(_ plan: SessionPlan, _ worker: WorkerContext) async throws(SetupFailure) -> NoneStrategy {
    NoneStrategy(session: try await Session(plan, worker))
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    var written = 0
    do throws(AttemptFailure) {
      if attempt.operation.isReadOnly {
        try await session.connection.readOneByOne(attempt)
        return .committed
      }
      // Believes to be alone, as the witness shows.
      attempt.enter()
      try await session.connection.readOneByOne(attempt)
      await attempt.hold()
      let decision = attempt.decide()
      if decision == .write { try await write(attempt, &written) }
      attempt.leave()
      return decision == .refuse ? .refused : .committed
    } catch {
      let failure = await session.connection.abandon(error, attempt)
      // A part is in the table already, so it must not count as if nothing had happened.
      throw written > 0 ? .ambiguous : failure
    }
  }

  private mutating func write(_ attempt: Attempt, _ written: inout Int) async throws(AttemptFailure) {
    for index in 0..<attempt.operation.count where attempt.operation[index].writes {
      session.connection.setWrite(index, attempt)
      try await session.connection.run(.write, parameters: 2, decides: true)
      try session.connection.requireRecords(session.connection.reply.affected, of: 1)
      written &+= 1
    }
  }
}
