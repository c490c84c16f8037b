internal import Model
internal import Runtime

/// `postgres.event-stream-row`: lock the row of the stream, then read, decide and append.
struct EventStreamRow: EventForm {
  static let documentation = Documentation(
    introduction: """
      lock the row of the stream, which has the version of its head, then read, decide and append.

      \(EventSourcingTexts.idea)
      """,
    algorithm: """
      READ COMMITTED transaction: `BEGIN`; `SELECT ... FROM records WHERE id = ANY ($1) ORDER BY id FOR UPDATE`, the rows
      of all streams of the operation; \(EventSourcingTexts.foldInside) Decide; one statement that sets `version` of the
      rows and inserts the events; `COMMIT`. Whoever waits for a row has not drawn a position yet, so nobody who loses
      leaves a gap. A refused operation ends with `ROLLBACK`. \(EventSourcingTexts.alsoRead)

      \(EventSourcingTexts.projection)
      """,
    guarantees: """
      \(EventSourcingTexts.guarantees) Waiters of a stream are served in turn, and nobody does work in vain. Rows are
      locked in ascending order, so that operations on several streams do not deadlock.
      """,
    doesNotGuarantee: EventSourcingTexts.doesNotGuarantee,
    failureWindow: EventSourcingTexts.failureWindow,
    roundTrips: "3 (fold, append, `COMMIT`).",
    source: """
      Marten: `mt_streams` beside `mt_events`, the version compared before a sequence number is drawn;
      `FetchForExclusiveWriting` locks the row.
      """)

  static let descriptor = StrategyDescriptor(
    id: "postgres.event-stream-row", summary: "append under FOR UPDATE on the row of the stream",
    documentation: documentation, needs: ["postgres"], store: "postgres",
    options: EventSettings.options + [EventSettings.pollOption], scope: .network, threading: .perConnection,
    returnsValues: true, roundTripsUnderLock: 3, stages: EventSettings.stages)

  static let isTransaction = true
  static var statements: [Statement] { [lock, append] }

  private static var lock: Statement {
    Statement(
      "lock-streams", "SELECT id, version FROM records WHERE id = ANY ($1::int4[]) ORDER BY id FOR UPDATE")
  }
  private static var append: Statement {
    Statement(
      "append",
      """
      WITH moved AS (
        UPDATE records SET version = new.version FROM unnest($1::int4[], $2::int8[]) AS new (stream, version)
        WHERE records.id = new.stream
      )
      INSERT INTO events (stream, version, amount, worker, number, step)
      SELECT new.stream, new.version, new.amount, $4::int4, $5::int8, new.step
      FROM unnest($1::int4[], $2::int8[], $3::int8[]) WITH ORDINALITY AS new (stream, version, amount, step)
      RETURNING stream, position, xid
      """)
  }

  init(_ environment: StrategyEnvironment) {}

  mutating func begin(_ connection: inout Connection, _ attempt: inout Attempt) async throws(AttemptFailure) {
    try await connection.run(.begin)
    connection.setKeys(0, attempt.operation)
    try await connection.run(Self.lock, parameters: 1)
    try connection.requireRecords(connection.reply.rows, of: attempt.operation.count)
  }

  func append(_ connection: inout Connection) async throws(AttemptFailure) {
    try await connection.run(Self.append, parameters: 5)
  }
}
