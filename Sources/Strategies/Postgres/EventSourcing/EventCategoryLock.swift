internal import Model
internal import Runtime

/// `postgres.event-category-lock`: one function call locks the category, compares the version and appends.
struct EventCategoryLock: EventForm {
  static let documentation = Documentation(
    introduction: """
      one function call locks the category of the streams, compares the expected version and appends.

      \(EventSourcingTexts.idea)
      """,
    algorithm: """
      \(EventSourcingTexts.fold) Decide; `SELECT * FROM append_in_category(...)`, a function that takes
      `pg_advisory_xact_lock` on the category (all streams of the run are one), compares the version of each stream with
      the one that was read, fails with P0001 `Wrong expected version` if another one is there (a conflict, and the retry
      policy decides when to read again), and inserts the events. \(EventSourcingTexts.alsoRead)

      \(EventSourcingTexts.projection)
      """,
    guarantees: """
      \(EventSourcingTexts.guarantees) One writer at a time draws positions in the category and commits them, so their order
      is that in which they are committed: here, and only here, `poll: naive` loses nothing.
      """,
    doesNotGuarantee: """
      that appends to different streams run side by side: all writers of the category wait for each other, the wait for
      the disk included. \(EventSourcingTexts.doesNotGuarantee)
      """,
    failureWindow: EventSourcingTexts.failureWindow,
    roundTrips: "0; the lock lives within one statement. An attempt takes 2.",
    source: "message-db, `write_message` and `acquire_lock`.")

  static let descriptor = StrategyDescriptor(
    id: "postgres.event-category-lock", summary: "append under an advisory lock on the category",
    documentation: documentation, needs: ["postgres"], store: "postgres",
    options: EventSettings.options + [EventSettings.pollOption], scope: .network, threading: .perConnection,
    returnsValues: true, stages: EventSettings.stages)

  static var statements: [Statement] { [append] }
  private let category: Int64

  private static var append: Statement {
    Statement(
      "append",
      """
      SELECT stream, position, xid
      FROM append_in_category($6::int8, $1::int4[], $2::int8[], $3::int8[], $4::int4, $5::int8)
      """)
  }

  init(_ environment: StrategyEnvironment) {
    category = Int64(bitPattern: AdvisoryKeys.hash(Array("\(environment.namespace):category".utf8)))
  }

  func append(_ connection: inout Connection) async throws(AttemptFailure) {
    connection.parameters.set(5, int8: category)
    try await connection.run(Self.append, parameters: 6, decides: true)
  }
}
