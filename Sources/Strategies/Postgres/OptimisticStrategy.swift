internal import Model
internal import Runtime

/// `postgres.optimistic`: a version column; the write succeeds only if nobody wrote since the read.
struct OptimisticStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "a version column; the write succeeds only if nobody wrote since the read.",
    algorithm: """
      `SELECT value, version FROM records WHERE id = $1` (one statement, so one snapshot, for several records); decide;
      `UPDATE records SET value = $2, version = version + 1 WHERE id = $1 AND version = $3`. No row changed means that
      somebody else was faster: a conflict, and the retry policy decides when to read again. One record needs no
      transaction; several are updated in one (READ COMMITTED), `BEGIN` to `COMMIT`, in the order of the steps, rolled
      back on the first conflict. A record that is only read beside others that change gets its version checked and
      moved as well, so that decisions over several records cannot skew. With `transaction: true`, `SELECT` and `UPDATE`
      are one READ COMMITTED transaction, `BEGIN` to `COMMIT`, as when an object mapper does both in the transaction of
      a request. That protects nothing more, and takes two more round trips.
      """,
    guarantees: "no lost update; records of one operation change together. Nothing is locked while the client thinks.",
    doesNotGuarantee: """
      progress of a particular worker: under contention somebody always wins, but slow ones starve. Writers that leave
      the version alone are not noticed.
      """,
    failureWindow: "none; a session that dies between read and write has changed nothing.",
    roundTrips: """
      0 for one record; for n records n (the rows updated so far are locked until `COMMIT`). With `transaction: true`
      one for each record.
      """,
    source: """
      Kung and Robinson 1981, "On Optimistic Methods for Concurrency Control"; JPA `@Version`, Rails `lock_version`.
      """)

  static let descriptor = StrategyDescriptor(
    id: "postgres.optimistic", aliases: ["db-optimistic"], summary: "version column, conditional UPDATE, retry",
    documentation: documentation, needs: ["postgres"], store: "postgres",
    options: [
      OptionSpecification(
        "transaction", .flag, default: .flag(false), "Read and write in one READ COMMITTED transaction, not in two.")
    ], scope: .network, threading: .perConnection, returnsValues: true)
  private var session: Session
  private let readsInTransaction: Bool
  private let versions = VersionBuffer()

  struct Configuration: Sendable {
    let plan: SessionPlan
    let readsInTransaction: Bool
  }

  private static var readVersion: Statement {
    Statement("read-version", "SELECT id, value, version FROM records WHERE id = $1")
  }
  private static var readVersions: Statement {
    Statement("read-versions", "SELECT id, value, version FROM records WHERE id = ANY ($1::int4[])")
  }
  private static var replace: Statement {
    Statement("replace", "UPDATE records SET value = $2, version = version + 1 WHERE id = $1 AND version = $3")
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      plan: try SessionPlan(environment, [.begin, readVersion, readVersions, replace, .commit, .rollback]),
      readsInTransaction: environment.options.flag("transaction"))
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> OptimisticStrategy {
    OptimisticStrategy(
      session: try await Session(configuration.plan, worker), readsInTransaction: configuration.readsInTransaction)
  }

  private init(session: consuming Session, readsInTransaction: Bool) {
    self.session = session
    self.readsInTransaction = readsInTransaction
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let operation = attempt.operation
    do throws(AttemptFailure) {
      if readsInTransaction && !operation.isReadOnly { try await session.connection.run(.begin) }
      try await read(attempt)
      if operation.isReadOnly { return .committed }
      await attempt.hold()
      guard attempt.decide() == .write else {
        await session.connection.rollBack()
        return .refused
      }
      if operation.count == 1 && !readsInTransaction {
        try await replace(0, attempt, decides: true)
        return .committed
      }
      if !readsInTransaction { try await session.connection.run(.begin) }
      for index in 0..<operation.count { try await replace(index, attempt, decides: false) }
      try await session.connection.commit()
      return .committed
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  private mutating func read(_ attempt: Attempt) async throws(AttemptFailure) {
    let operation = attempt.operation
    if operation.count == 1 {
      session.connection.parameters.set(0, int4: operation[0].key)
      try await session.connection.run(Self.readVersion, parameters: 1)
    } else {
      session.connection.setKeys(0, operation)
      try await session.connection.run(Self.readVersions, parameters: 1)
    }
    try session.connection.requireRecords(session.connection.reply.rows, of: operation.count)
    for index in 0..<operation.count {
      let row = session.connection.row(of: operation[index].key)
      attempt.values[index] = session.connection.reply[row, 1]
      versions[index] = session.connection.reply[row, 2]
      attempt.note(version: versions[index], step: index)
    }
  }

  private mutating func replace(_ index: Int, _ attempt: Attempt, decides: Bool) async throws(AttemptFailure) {
    session.connection.setWrite(index, attempt)
    session.connection.parameters.set(2, int8: versions[index])
    try await session.connection.run(Self.replace, parameters: 3, decides: decides)
    if session.connection.reply.affected == 0 { throw .conflict }
    attempt.note(version: versions[index] &+ 1, replacing: versions[index], step: index)
  }
}
