internal import Model
internal import Runtime

/// `postgres.event-append`: the next version of a stream is unique; who comes second has lost.
struct EventAppend: EventForm {
  static let documentation = Documentation(
    introduction: """
      append an event with the version behind the one that was read; a unique constraint lets one of two do so.

      \(EventSourcingTexts.idea)
      """,
    algorithm: """
      \(EventSourcingTexts.fold) Decide; one `INSERT INTO events (stream, version, amount, ...) SELECT ... FROM unnest(...)`
      with the version after the one that was read, for all streams of the operation at once, so that they are appended
      together or not at all. 23505 (unique violation) means that somebody else was faster: a conflict, and the retry
      policy decides when to read again. \(EventSourcingTexts.alsoRead) No transaction of several statements is needed.

      \(EventSourcingTexts.projection)
      """,
    guarantees: """
      \(EventSourcingTexts.guarantees) Nothing is locked while the client thinks.
      """,
    doesNotGuarantee: """
      progress of a particular worker: under contention somebody always wins, but slow ones starve. Positions without
      gaps: who loses has drawn one. \(EventSourcingTexts.doesNotGuarantee)
      """,
    failureWindow: EventSourcingTexts.failureWindow,
    roundTrips: "0; an attempt takes 2 (`SELECT`, `INSERT`), however many streams it is about.",
    source: """
      Young, "CQRS Documents" (2010); the plain form of Marten's and of message-db's unique index on stream and version.
      """)

  static let descriptor = StrategyDescriptor(
    id: "postgres.event-append", summary: "append with expected version: a unique constraint, retry",
    documentation: documentation, needs: ["postgres"], store: "postgres",
    options: EventSettings.options + [EventSettings.pollOption], scope: .network, threading: .perConnection,
    returnsValues: true, stages: EventSettings.stages)

  static var statements: [Statement] { [append] }

  private static var append: Statement {
    Statement(
      "append",
      """
      INSERT INTO events (stream, version, amount, worker, number, step)
      SELECT new.stream, new.version, new.amount, $4::int4, $5::int8, new.step
      FROM unnest($1::int4[], $2::int8[], $3::int8[]) WITH ORDINALITY AS new (stream, version, amount, step)
      RETURNING stream, position, xid
      """)
  }

  init(_ environment: StrategyEnvironment) {}

  func append(_ connection: inout Connection) async throws(AttemptFailure) {
    try await connection.run(Self.append, parameters: 5, decides: true)
  }
}
