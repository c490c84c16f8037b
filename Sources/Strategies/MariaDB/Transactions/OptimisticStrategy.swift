#if MariaDB
internal import Model
internal import Runtime

/// `mariadb.optimistic`: a version column; the write succeeds only if nobody wrote since the read.
struct OptimisticStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "a version column; the write succeeds only if nobody wrote since the read.",
    algorithm: """
      `SELECT value, version FROM records WHERE id = ?` (one statement for several records); decide; `UPDATE records SET
      value = ?, version = version + 1 WHERE id = ? AND version = ?`. No row matched means that somebody else was
      faster: a conflict. One record needs no transaction; several are updated in one, in the order of the steps, rolled
      back on the first conflict. A record that is only read beside others that change gets its version checked and
      moved as well. The version always changes, so that rows matched and rows changed are the same number.
      """,
    guarantees: "no lost update; records of one operation change together. Nothing is locked while the client thinks.",
    doesNotGuarantee: "progress of a particular worker: under contention somebody always wins, but slow ones starve.",
    failureWindow: "none; a session that dies between read and write has changed nothing.",
    roundTrips: "0 for one record; for n records n (the rows updated so far are locked until `COMMIT`).",
    source: """
      Kung and Robinson 1981, "On Optimistic Methods for Concurrency Control"; JPA `@Version`, Rails `lock_version`.
      """)

  static let descriptor = StrategyDescriptor.mariadb(
    "optimistic", "version column, conditional UPDATE, retry", documentation)
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> MariaDBConfiguration {
    try MariaDBConfiguration(environment)
  }

  static func open(
    _ configuration: MariaDBConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> OptimisticStrategy {
    OptimisticStrategy(session: try await Session(configuration, worker))
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      try await session.readTogether(attempt)
      if attempt.operation.isReadOnly { return .committed }
      await attempt.hold()
      guard attempt.decide() == .write else { return .refused }
      if attempt.operation.count == 1 {
        try await replace(0, attempt, decides: true)
      } else {
        try await session.begin()
        for index in 0..<attempt.operation.count { try await replace(index, attempt, decides: false) }
        try await session.commit()
      }
      return .committed
    } catch {
      throw await session.abandon(error, attempt)
    }
  }

  private func replace(_ index: Int, _ attempt: Attempt, decides: Bool) async throws(AttemptFailure) {
    let connection = session.connection
    connection.statement.clear()
    connection.statement.append("UPDATE records SET version = version + 1, value = ")
    connection.statement.append(attempt.values[index])
    connection.statement.append(" WHERE id = ")
    connection.statement.append(Int64(attempt.operation[index].key))
    connection.statement.append(" AND version = ")
    connection.statement.append(session.versions[index])
    try await connection.run(decides: decides)
    if connection.affected == 0 { throw .conflict }
    attempt.note(version: session.versions[index] &+ 1, replacing: session.versions[index], step: index)
  }
}
#endif
