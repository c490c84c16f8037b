#if MariaDB
internal import Model
internal import Runtime

/// `mariadb.atomic`: the decision is part of the statement, so nothing happens between reading and writing.
struct AtomicStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "the decision is part of the statement, so nothing happens between reading and writing.",
    algorithm: """
      an addition is `UPDATE records SET value = LAST_INSERT_ID(value + ?) WHERE id = ? AND value + ? >= ?`, a claim or
      a release `UPDATE records SET value = ? WHERE id = ? AND value = ?`. No row matched means that the guard refused.
      `LAST_INSERT_ID(expression)` returns the new value with the answer, because this server has no `UPDATE ...
      RETURNING`. One record needs no transaction; several are changed in one, rolled back on the first refusal.
      """,
    guarantees: "no lost update and no value beyond its guard.",
    doesNotGuarantee: """
      decisions that cannot be stated as guarded changes of single records; freedom from deadlocks with several records
      in different orders.
      """,
    failureWindow: "none.",
    roundTrips: "0 for one record; for n records n.",
    source: #"MariaDB manual, "LAST_INSERT_ID"."#)

  static let descriptor = StrategyDescriptor.mariadb("atomic", "one conditional UPDATE", documentation)
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> MariaDBConfiguration {
    try MariaDBConfiguration(environment)
  }

  static func open(
    _ configuration: MariaDBConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> AtomicStrategy {
    AtomicStrategy(session: try await Session(configuration, worker))
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      if attempt.operation.isReadOnly {
        try await session.readTogether(attempt)
        return .committed
      }
      // There is no time between reading and writing: the client thinks before.
      await attempt.hold()
      if attempt.operation.count == 1 { return try await change(0, attempt, decides: true) ? .committed : .refused }
      try await session.begin()
      for index in 0..<attempt.operation.count {
        if try await !change(index, attempt, decides: false) {
          await session.rollBack()
          return .refused
        }
      }
      try await session.commit()
      return .committed
    } catch {
      throw await session.abandon(error, attempt)
    }
  }

  /// Changes one record. Returns false when its guard refused. A record that is only read gets 0 added, so that it stays
  /// as it was read until the transaction ends.
  private func change(_ index: Int, _ attempt: Attempt, decides: Bool) async throws(AttemptFailure) -> Bool {
    let step = attempt.operation[index]
    let connection = session.connection
    connection.statement.clear()
    switch step.effect {
    case .read, .add: appendAddition(step, to: connection)
    case .claim, .release, .requireFree: appendExchange(step, attempt.operation.token, to: connection)
    }
    try await connection.run(decides: decides)
    guard connection.affected == 1 else { return false }
    attempt.values[index] =
      step.effect == .read || step.effect == .add
      ? connection.lastInsertID : step.replacement(token: attempt.operation.token)
    return true
  }

  private func appendAddition(_ step: Step, to connection: Connection) {
    let amount = step.effect == .add ? step.operand : 0
    connection.statement.append("UPDATE records SET value = LAST_INSERT_ID(value + ")
    connection.statement.append(amount)
    connection.statement.append(") WHERE id = ")
    connection.statement.append(Int64(step.key))
    guard step.effect == .add, step.bound != .min else { return }
    connection.statement.append(" AND value + ")
    connection.statement.append(amount)
    connection.statement.append(" >= ")
    connection.statement.append(step.bound)
  }

  private func appendExchange(_ step: Step, _ token: Int64, to connection: Connection) {
    connection.statement.append("UPDATE records SET value = ")
    connection.statement.append(step.replacement(token: token))
    connection.statement.append(" WHERE id = ")
    connection.statement.append(Int64(step.key))
    connection.statement.append(" AND value = ")
    connection.statement.append(step.expected(token: token))
  }
}
#endif
