internal import Model
internal import Runtime

/// `postgres.event-naive-poller`: appends are right, and the projection takes the order of numbers for that of commits.
struct EventNaivePoller: EventForm {
  static let documentation = Documentation(
    introduction: """
      appends are right, and the projection remembers the highest position that it has seen. A planted control: the
      checkers must catch it. So do most outbox tables that are read by `WHERE id > $1`.
      """,
    algorithm: """
      As `postgres.event-append`, but the position is drawn first, as object mappers do who need the key of a row before
      they store it: `SELECT nextval(...)`; a pause that is drawn from 0 to `pause`; then fold, decide, append. The
      projection reads `WHERE position > checkpoint`, applies that to the read model and moves the checkpoint to the
      highest position that it saw, all in one statement.
      """,
    guarantees: "no lost update, and no gap in a stream: what was appended is there.",
    doesNotGuarantee: """
      that the read model learns of it. Numbers are drawn in one order and committed in another: what is committed with a
      number below the checkpoint is never looked for again, and what is seen in the order of numbers is not in the order
      of the stream. `poll: gap-aware` of the other forms costs nothing and loses nothing.
      """,
    failureWindow: "from the moment a position is drawn to the commit of its event, at all times.",
    roundTrips: "0; an attempt takes 3 (`nextval`, fold, `INSERT`).",
    source: """
      the gaps that Marten's high water mark waits for; Dudycz, "How Postgres sequences issues can impact your messaging
      guarantees" (2023).
      """)

  static let descriptor = StrategyDescriptor(
    id: "postgres.event-naive-poller",
    summary: "projection WHERE position > checkpoint: the control that must skip events",
    documentation: documentation, needs: ["postgres"], store: "postgres",
    options: EventSettings.options + [
      OptionSpecification(
        "pause", .duration(.zero ... .seconds(1)), default: .duration(.milliseconds(4)),
        "The longest time between a position and its event; each attempt draws from 0 to this.")
    ], scope: .network, threading: .perConnection, grade: .required, returnsValues: true, stages: EventSettings.stages)

  static let polling: Polling? = .naive
  static var statements: [Statement] { [draw, append] }
  private let longestPause: Int64
  /// The position of the first event of the attempt; further ones draw theirs when they are appended.
  private var position: Int64 = 0

  private static var draw: Statement { Statement("draw", "SELECT nextval('events_position_seq')") }
  private static var append: Statement {
    Statement(
      "append",
      """
      INSERT INTO events (position, stream, version, amount, worker, number, step)
      SELECT CASE new.step WHEN 1 THEN $6::int8 ELSE nextval('events_position_seq') END,
        new.stream, new.version, new.amount, $4::int4, $5::int8, new.step
      FROM unnest($1::int4[], $2::int8[], $3::int8[]) WITH ORDINALITY AS new (stream, version, amount, step)
      RETURNING stream, position, xid
      """)
  }

  init(_ environment: StrategyEnvironment) { longestPause = environment.options.duration("pause").nanoseconds }

  mutating func begin(_ connection: inout Connection, _ attempt: inout Attempt) async throws(AttemptFailure) {
    try await connection.run(Self.draw)
    position = connection.reply[0, 0]
    await attempt.sleep(nanoseconds: Int64(attempt.random.below(UInt64(longestPause) + 1)))
  }

  func append(_ connection: inout Connection) async throws(AttemptFailure) {
    connection.parameters.set(5, int8: position)
    try await connection.run(Self.append, parameters: 6, decides: true)
  }
}
