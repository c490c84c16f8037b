#if MariaDB
internal import Model
internal import Runtime

/// `mariadb.count-then-insert`: the value is the sum of entries; add them up, decide, and append one more.
struct CountThenInsertStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: """
      the value is the sum of entries; add them up, decide, and append one more.

      So ledgers do it: the balance is the opening balance plus all that was booked since. Bookings do it, too, when
      they count the rows of a room and insert one if it is not full. The row that the other transaction inserts is one
      that the condition of our `SELECT` would have found, a phantom.
      """,
    algorithm: """
      a transaction at the level of the option `isolation`: `START TRANSACTION`; per record, in the order of the steps,
      `SELECT value + (SELECT COALESCE(SUM(amount), 0) FROM entries WHERE entries.id = records.id) FROM records WHERE id
      = ?` (`value` is what the record began with and stays); per changed record `INSERT INTO entries (id, amount)
      VALUES (?, ?)` with the difference; `COMMIT`. A refused operation ends with `ROLLBACK`. Operations that only read
      are a single `SELECT`. There is an index on `entries (id, amount)`. With `serializable` the `SELECT` takes shared
      locks on the entries of the record and on the gaps between and beside them, and an `INSERT` into a gap that
      another one has locked waits; two that have both read and both insert end in a deadlock (error 1213), found at
      once: retry.
      """,
    guarantees: """
      with `serializable`, serialisable transactions. At every level: no lost update, for nothing is overwritten, and
      the entries of one operation appear together.
      """,
    doesNotGuarantee: """
      with `read-committed` and `repeatable-read` (the default of the server), that the decision is still right when it
      is committed: two see enough for one, and both take it; two return the same new value. Constant cost: each read
      adds up all entries of the record, so ledgers close their books from time to time. With `serializable`, progress
      without retries; nor that different records do not meet: the gap beside the entries of one record reaches to those
      of the next, and while there are few entries it is wide.
      """,
    failureWindow: "with `serializable` none; else from the `SELECT` to the `COMMIT`, at all times.",
    roundTrips: "2 (`INSERT`, `COMMIT`), plus one per further record; 0 at the lower levels.",
    source: #"phantoms, A3 and P3 of Berenson et al. 1995; MariaDB manual, "InnoDB Lock Modes", gap locks."#)

  static let descriptor = StrategyDescriptor.mariadb(
    "count-then-insert", "sum of entries, then INSERT one: phantoms unless SERIALIZABLE", documentation,
    options: [
      OptionSpecification(
        "isolation", .word(["read-committed", "repeatable-read", "serializable"]), default: .word("serializable"),
        "Level of the transactions. Only serializable prevents that two append where one may.")
    ], roundTripsUnderLock: 2)
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> MariaDBConfiguration {
    let isolation =
      switch environment.options.word("isolation") {
      case "read-committed": "READ COMMITTED"
      case "repeatable-read": "REPEATABLE READ"
      default: "SERIALIZABLE"
      }
    return try MariaDBConfiguration(environment, isolation: isolation)
  }

  static func open(
    _ configuration: MariaDBConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> CountThenInsertStrategy {
    CountThenInsertStrategy(session: try await Session(configuration, worker))
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let operation = attempt.operation
    do throws(AttemptFailure) {
      if operation.isReadOnly {
        try await sum(0..<operation.count, attempt)
        return .committed
      }
      try await session.begin()
      for index in 0..<operation.count { try await sum(index..<index + 1, attempt) }
      await attempt.hold()
      guard attempt.decide() == .write else {
        await session.rollBack()
        return .refused
      }
      for index in 0..<operation.count where operation[index].writes { try await append(index, attempt) }
      try await session.commit()
      return .committed
    } catch {
      throw await session.abandon(error, attempt)
    }
  }

  /// Reads the records of some steps with one statement.
  private func sum(_ steps: Range<Int>, _ attempt: Attempt) async throws(AttemptFailure) {
    let connection = session.connection
    connection.statement.clear()
    connection.statement.append(
      """
      SELECT id, value + (SELECT COALESCE(SUM(amount), 0) FROM entries WHERE entries.id = records.id) FROM records \
      WHERE id IN (
      """)
    for index in steps {
      if index > steps.lowerBound { connection.statement.append(",") }
      connection.statement.append(Int64(attempt.operation[index].key))
    }
    connection.statement.append(")")
    try await connection.run()
    var found = 0
    while let row = connection.nextRow() {
      guard let id = row.first, let value = row.second else { throw session.missing(attempt) }
      for index in steps where Int64(attempt.operation[index].key) == id {
        attempt.values[index] = value
        found &+= 1
      }
    }
    if found != steps.count { throw session.missing(attempt) }
  }

  private func append(_ index: Int, _ attempt: Attempt) async throws(AttemptFailure) {
    let step = attempt.operation[index]
    let connection = session.connection
    connection.statement.clear()
    connection.statement.append("INSERT INTO entries (id, amount) VALUES (")
    connection.statement.append(Int64(step.key))
    connection.statement.append(",")
    connection.statement.append(step.change(token: attempt.operation.token))
    connection.statement.append(")")
    try await connection.run()
  }
}
#endif
