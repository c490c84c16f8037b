internal import Model
internal import Runtime

/// `postgres.count-then-insert`: the value is the sum of entries; add them up, decide, and append one more.
struct CountThenInsertStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: """
      the value is the sum of entries; add them up, decide, and append one more.

      So ledgers do it: the balance is the opening balance plus all that was booked since. Bookings do it, too, when
      they count the rows of a room and insert one if it is not full. Nothing that was read is ever updated, so no row
      can be locked or found changed: the other transaction makes a row that the condition of our `SELECT` would have
      found, a phantom.
      """,
    algorithm: """
      `BEGIN` at the level of the option `isolation`; `SELECT value + coalesce((SELECT sum(amount) FROM entries WHERE
      entries.id = records.id), 0) FROM records WHERE id = $1` (one statement for several records; `value` is what the
      record began with and stays); per changed record, in the order of the steps, `INSERT INTO entries (id, amount)
      VALUES ($1, $2)` with the difference; `COMMIT`, after a refusal as well. With `serializable` the server ends with
      40001 one of two transactions that both added up what the other one appended to: a conflict. Operations that only
      read are a single `SELECT`. There is an index on `entries (id, amount)`, and with `serializable` `enable_seqscan`
      is off: a sequential scan would lock the whole table against all writers.
      """,
    guarantees: """
      with `serializable`, the outcome of some serial order. At every level: no lost update, for nothing is overwritten,
      and the entries of one operation appear together.
      """,
    doesNotGuarantee: """
      with `read-committed` and `repeatable-read`, that the decision is still right when it is committed: two see enough
      for one, and both take it; two return the same new value. Constant cost: each read adds up all entries of the
      record, so ledgers close their books from time to time. With `serializable`, few conflicts: what is locked are
      pages of the index and, of many rows, the whole table, so that others may conflict who touch different records.
      """,
    failureWindow: "with `serializable` none; else from the `SELECT` to the `COMMIT`, at all times.",
    roundTrips: "0; nobody waits for anybody.",
    source: """
      phantoms, A3 and P3 of Berenson et al. 1995; Ports and Grittner 2012, section 5.2.1, on locks of index pages;
      PostgreSQL manual, section 13.2.3, whose example adds up and inserts.
      """)

  static let descriptor = StrategyDescriptor(
    id: "postgres.count-then-insert", summary: "sum of entries, then INSERT one: phantoms unless SERIALIZABLE",
    documentation: documentation, needs: ["postgres"], store: "postgres",
    options: [
      OptionSpecification(
        "isolation", .word(Isolation.allCases.map(\.word)), default: .word(Isolation.serializable.word),
        "Level of the transactions. Only serializable prevents that two append where one may.")
    ], scope: .network, threading: .perConnection, returnsValues: true)
  private var session: Session
  private let begin: Statement

  struct Configuration: Sendable {
    let plan: SessionPlan
    let begin: Statement
  }

  private static var sum: Statement {
    Statement(
      "sum",
      """
      SELECT (value + coalesce((SELECT sum(amount) FROM entries WHERE entries.id = records.id), 0))::int8
      FROM records WHERE records.id = $1
      """)
  }
  private static var sumMany: Statement {
    Statement(
      "sum-many",
      """
      SELECT id, (value + coalesce((SELECT sum(amount) FROM entries WHERE entries.id = records.id), 0))::int8
      FROM records WHERE records.id = ANY ($1::int4[])
      """)
  }
  private static var append: Statement { Statement("append", "INSERT INTO entries (id, amount) VALUES ($1, $2)") }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let word = environment.options.word("isolation")
    let isolation = Isolation.allCases.first { $0.word == word } ?? .serializable
    let begin =
      switch isolation {
      case .readCommitted: Statement.begin
      case .repeatableRead: RepeatableRead.begin
      case .serializable: Serializable.begin
      }
    let plan = try SessionPlan(
      environment, [begin, sum, sumMany, append, .commit, .rollback], isolation: isolation)
    return Configuration(plan: plan, begin: begin)
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> CountThenInsertStrategy {
    CountThenInsertStrategy(session: try await Session(configuration.plan, worker), begin: configuration.begin)
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      if attempt.operation.isReadOnly {
        try await session.connection.readTogether(attempt, one: Self.sum, many: Self.sumMany)
        return .committed
      }
      try await session.connection.run(begin)
      try await session.connection.readTogether(attempt, one: Self.sum, many: Self.sumMany)
      await attempt.hold()
      guard attempt.decide() == .write else {
        try await session.connection.commit(decides: false)
        return .refused
      }
      try await append(attempt)
      try await session.connection.commit()
      return .committed
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  private mutating func append(_ attempt: Attempt) async throws(AttemptFailure) {
    for index in 0..<attempt.operation.count where attempt.operation[index].writes {
      let step = attempt.operation[index]
      session.connection.parameters.set(0, int4: step.key)
      session.connection.parameters.set(1, int8: step.change(token: attempt.operation.token))
      try await session.connection.run(Self.append, parameters: 2)
    }
  }
}
