#if MariaDB
internal import Model
internal import Runtime

/// `mariadb.none`: read, decide, write, each statement on its own.
struct NoneStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "read, decide, write, each statement on its own. A planted control: the checkers must catch it.",
    algorithm: """
      for each record `SELECT value, version FROM records WHERE id = ?`, decide in the program, then for each changed
      record `UPDATE records SET value = ? WHERE id = ?`; every statement is its own transaction.
      """,
    guarantees: "nothing.",
    doesNotGuarantee: """
      that an acknowledged update stays, that several values read belong together, or that several records change
      together.
      """,
    failureWindow: "from the `SELECT` to the `UPDATE`, at all times.",
    roundTrips: "0; nothing is held.",
    source: #"the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels"."#)

  static let descriptor = StrategyDescriptor.mariadb(
    "none", "SELECT, then UPDATE: the control that must lose updates", documentation, grade: .required,
    lists: ListTransactions.none)
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> MariaDBConfiguration {
    try MariaDBConfiguration(environment)
  }

  static func open(
    _ configuration: MariaDBConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> NoneStrategy {
    NoneStrategy(session: try await Session(configuration, worker))
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let operation = attempt.operation
    var written = 0
    do throws(AttemptFailure) {
      // Believes to be alone, as the witness shows.
      attempt.enter()
      for index in 0..<operation.count { try await session.read(index, attempt, .plain) }
      await attempt.hold()
      let decision = attempt.decide()
      if decision == .write {
        for index in 0..<operation.count where operation[index].writes {
          try await session.write(index, attempt, decides: true)
          written &+= 1
        }
      }
      attempt.leave()
      return decision == .refuse ? .refused : .committed
    } catch {
      let failure = await session.abandon(error, attempt)
      // A part is in the table already, so it must not count as if nothing had happened.
      throw written > 0 ? .ambiguous : failure
    }
  }
}
#endif
