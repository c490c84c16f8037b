internal import Model
internal import Runtime

/// Leases as rows with a version, on a connection of their own.
struct PostgresLeases: LeaseRecords, ~Copyable {
  private var session: Session

  private static var find: Statement {
    // Two rows, for a reply keeps three columns.
    Statement(
      "find",
      """
      SELECT part.* FROM leases, LATERAL (VALUES (0, holder, duration), (1, transitions, version)) AS part (place, a, b)
      WHERE name = $1 ORDER BY part.place
      """)
  }
  private static var insert: Statement {
    Statement(
      "insert",
      """
      INSERT INTO leases (name, holder, duration, transitions, version) VALUES ($1, $2, $3, $4, 1)
      ON CONFLICT DO NOTHING RETURNING version
      """)
  }
  private static var replace: Statement {
    Statement(
      "replace",
      """
      UPDATE leases SET holder = $2, duration = $3, transitions = $4, version = version + 1
      WHERE name = $1 AND version = $5 RETURNING version
      """)
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SessionPlan {
    try SessionPlan(environment, [find, insert, replace])
  }

  static func open(_ plan: SessionPlan, _ worker: WorkerContext) async throws(SetupFailure) -> PostgresLeases {
    PostgresLeases(session: try await Session(plan, worker))
  }

  private init(session: consuming Session) { self.session = session }

  mutating func get(_ key: Int32) async throws(AttemptFailure) -> LeaseRecord? {
    session.connection.parameters.set(0, int4: key)
    try await session.connection.run(Self.find, parameters: 1)
    guard session.connection.reply.rows == 2 else { return nil }
    return LeaseRecord(
      holder: session.connection.reply[0, 1], duration: session.connection.reply[0, 2],
      transitions: session.connection.reply[1, 1], version: session.connection.reply[1, 2])
  }

  mutating func create(_ key: Int32, _ record: LeaseRecord) async throws(AttemptFailure) -> Int64? {
    set(key, record)
    try await session.connection.run(Self.insert, parameters: 4)
    return session.connection.reply.rows == 1 ? session.connection.reply[0, 0] : nil
  }

  mutating func update(_ key: Int32, _ record: LeaseRecord) async throws(AttemptFailure) -> Int64? {
    set(key, record)
    session.connection.parameters.set(4, int8: record.version)
    try await session.connection.run(Self.replace, parameters: 5)
    return session.connection.reply.rows == 1 ? session.connection.reply[0, 0] : nil
  }

  private mutating func set(_ key: Int32, _ record: LeaseRecord) {
    session.connection.parameters.set(0, int4: key)
    session.connection.parameters.set(1, int8: record.holder)
    session.connection.parameters.set(2, int8: record.duration)
    session.connection.parameters.set(3, int8: record.transitions)
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}
}

/// `postgres.lease`: what it is over a store.
enum PostgresLease {
  static let documentation = Documentation(
    introduction: "a leader as Kubernetes elects one, with a row of PostgreSQL in the place of a Lease object.",
    algorithm: """
      that of client-go's `leaderelection`, over a row (holder, duration, transitions, version). A try: who is the holder
      as far as it knows writes the row anew, `UPDATE leases SET ... WHERE name = $1 AND version = $5`; else it reads the
      row, and notes the moment by its own clock when the row has changed. The row of another is left alone until it has
      not changed for the duration that it states; then it is replaced in the same way, with one more transition. Nobody
      compares clocks.

      A candidate tries every `retry-period` times 1 to 2.2. The leader has its effects without asking, and renews beside
      them every `retry-period`; it stops when it could not renew for `renew-deadline`, even if a try has shown meanwhile
      that another leads. With `release-on-cancel` a leader that ends empties the row. The fencing token is the number
      of transitions and one. `scale` shortens all times.
      """,
    guarantees: """
      one leader at a time as long as each can keep to its times: a leader that cannot reach the server resigns
      `lease-duration` less `renew-deadline` before another can take over.
      """,
    doesNotGuarantee: """
      one leader at a time when a process is paused: its successor leads after `lease-duration`, and the one that goes on
      believes to lead for up to `renew-deadline` more. client-go says so: it does not fence. `fence: write` does.
      """,
    failureWindow: """
      from the end of a pause that is longer than `lease-duration`, for up to `renew-deadline`. A leader that dies is
      replaced after `lease-duration` and up to 2.2 times `retry-period`.
      """,
    roundTrips: "those of the store; beside them the leader sends 1 in a `retry-period`, a candidate about 1 in 1.6.",
    source: "Kubernetes `client-go/tools/leaderelection`, `leaderelection.go`; its defaults are 15 s, 10 s and 2 s.")

  static func descriptor(over store: String) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "postgres.lease", summary: "Kubernetes' way to elect a leader, over a row with a version",
      documentation: documentation, needs: ["postgres"], store: store, stores: [store], options: LeaseTimes.options,
      scope: .network, threading: .perConnection, applicability: .election, returnsValues: true,
      roundTripsUnderLock: store == "memory" ? 0 : 2)
  }
}
