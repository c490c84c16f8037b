#if SQLite
internal import Model
internal import Runtime

/// `sqlite.none`: read, decide, write, each statement on its own.
struct NoneStrategy: BlockingStrategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "read, decide, write, each statement on its own. A planted control: the checkers must catch it.",
    algorithm: """
      for each record `SELECT value FROM records WHERE id = ?`, decide in the program, then for each changed record
      `UPDATE records SET value = ? WHERE id = ?`; every statement is its own transaction.
      """,
    guarantees: "nothing. It is what code does that trusts in SQLite having one writer at a time.",
    doesNotGuarantee: """
      that an acknowledged update stays, that several values read belong together, or that several records change
      together.
      """,
    failureWindow: "from the `SELECT` to the `UPDATE`, at all times.",
    roundTrips: "0; nothing is held.",
    source: #"the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels"."#)

  static let descriptor = StrategyDescriptor.sqlite(
    "none", "SELECT, then UPDATE: the control that must lose updates", documentation, grade: .required,
    lists: ListTransactions.none)
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SQLiteConfiguration {
    try SQLiteConfiguration(environment)
  }

  static func open(_ configuration: SQLiteConfiguration, _ worker: WorkerContext) throws(SetupFailure) -> NoneStrategy {
    NoneStrategy(session: try Session(configuration))
  }

  mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult {
    let operation = attempt.operation
    var written = 0
    do throws(Refusal) {
      // Believes to be alone, as the witness shows.
      if !operation.isReadOnly { attempt.enter() }
      try session.read(attempt)
      if operation.isReadOnly { return .committed }
      attempt.holdThread()
      let decision = attempt.decide()
      if decision == .write {
        for index in 0..<operation.count where operation[index].writes {
          try session.write(index, attempt)
          written &+= 1
        }
      }
      attempt.leave()
      return decision == .refuse ? .refused : .committed
    } catch {
      let failure = session.abandon(error, attempt, decides: true)
      // A part is in the table already, so it must not count as if nothing had happened.
      throw written > 0 ? .ambiguous : failure
    }
  }
}
#endif
