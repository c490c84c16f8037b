@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// `postgres.spring-lock`: the lock registry of Spring Integration: a lock of the process in front of a row with an
/// expiry.
struct SpringLockTable: LockTable {
  static let documentation = Documentation(
    introduction: "the lock registry of Spring Integration: a lock of the process in front of a row with an expiry.",
    algorithm: """
      take a lock of the process for the record, so that only one thread per process asks the database. Then one READ
      COMMITTED transaction per try, on a connection of its own, `now` being the clock of the application: `UPDATE
      int_lock SET client_id = me, created_date = now, expired_after = now + ttl WHERE region = 'DEFAULT' AND lock_key =
      key AND (client_id = me OR expired_after < now)`; when no row was changed, `INSERT INTO int_lock ... ON CONFLICT
      DO NOTHING` (what its documentation recommends for PostgreSQL); `COMMIT`. `BEGIN` leaves together with the first
      statement, as with the JDBC driver. A row changed or inserted: the lock is ours. Else sleep for
      `idle-between-tries`, always the same, and try again, until `timeout`. To release, `BEGIN`; `DELETE FROM int_lock
      WHERE region = 'DEFAULT' AND lock_key = key AND client_id = me`; `COMMIT`; then the lock of the process. The key
      is the MD5 of the name as a UUID, `me` is one per process; with `local-lock: false` one per worker, and all
      workers ask the database.
      """,
    guarantees: "one holder at a time, as long as nobody holds longer than `ttl` and the clocks of the hosts agree.",
    doesNotGuarantee: """
      a stop to the writes of a holder whose lock has expired (no fencing); a release that finds the row gone is counted
      as an expired hold, where Spring throws. Order among processes. Workers that lock several records in different
      orders wait for each other until `timeout`.
      """,
    failureWindow: "from the expiry until the holder notices. A holder that dies blocks other processes for `ttl`.",
    roundTrips: "those of the store (over PostgreSQL: 1 to read, 1 to write) and 1 to release, 2 with its `COMMIT`.",
    source: "Spring Integration, `JdbcLockRegistry`, `DefaultLockRepository`.")

  struct Configuration: Sendable {
    let ttl: Int64
    let client: Int64
    let local: LocalLocks?
    let waiting: Waiting
  }

  private let configuration: Configuration
  private let client: Int64

  static func descriptor(over store: String) -> StrategyDescriptor {
    .lockTable(
      "spring-lock", "Spring Integration's lock registry: a local lock, then a row with an expiry", documentation,
      over: store,
      options: [
        OptionSpecification(
          "ttl", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(.seconds(10)),
          "How long the lock lasts if nobody releases it."),
        OptionSpecification(
          "local-lock", .flag, default: .flag(true),
          "Whether the threads of a process first take a lock of the process; otherwise each is a client of its own."),
      ] + Waiting.options("idle-between-tries", default: .milliseconds(100)), threading: .perWorker)
  }

  private static var update: Statement {
    Statement(
      "update",
      """
      UPDATE int_lock SET client_id = ($2::int8)::text, created_date = to_timestamp($3::int8 / 1e6),
        expired_after = to_timestamp(($3::int8 + $4::int8) / 1e6)
      WHERE region = 'DEFAULT' AND lock_key = md5(($1::int4)::text)::uuid::text::char(36)
        AND (client_id = ($2::int8)::text OR expired_after < to_timestamp($3::int8 / 1e6))
      RETURNING 1
      """)
  }
  private static var insert: Statement {
    Statement(
      "insert",
      """
      INSERT INTO int_lock (lock_key, region, client_id, created_date, expired_after)
      VALUES (md5(($1::int4)::text)::uuid::text::char(36), 'DEFAULT', ($2::int8)::text, to_timestamp($3::int8 / 1e6),
        to_timestamp(($3::int8 + $4::int8) / 1e6))
      ON CONFLICT DO NOTHING RETURNING 1
      """)
  }
  private static var delete: Statement {
    Statement(
      "delete",
      """
      DELETE FROM int_lock WHERE region = 'DEFAULT' AND lock_key = md5(($1::int4)::text)::uuid::text::char(36)
        AND client_id = ($2::int8)::text
      RETURNING 1
      """)
  }

  static func configure(_ environment: StrategyEnvironment) -> Configuration {
    let options = environment.options
    return Configuration(
      ttl: options.duration("ttl").nanoseconds / 1000, client: Int64.random(in: 0 ... .max),
      local: options.flag("local-lock") ? LocalLocks(count: environment.records.count) : nil,
      waiting: Waiting(options, pause: "idle-between-tries", isJittered: false))
  }

  static func statements(_ configuration: Configuration) -> [Statement] {
    [.begin, update, insert, delete, .commit, .rollback]
  }
  static func waiting(_ configuration: Configuration) -> Waiting? { configuration.waiting }
  static var isPipelined: Bool { true }

  init(_ configuration: Configuration, _ worker: WorkerContext) {
    self.configuration = configuration
    client = configuration.local == nil ? configuration.client ^ Int64(worker.index) : configuration.client
  }
}

extension SpringLockTable {
  mutating func take(_ record: Int32, _ connection: inout Connection) async throws(AttemptFailure) -> Bool {
    let now = Self.now()
    setHolder(record, now, connection)
    try connection.send(.begin)
    try connection.send(Self.update, parameters: 4)
    try await connection.complete()
    var isOurs = connection.reply.rows == 1
    if !isOurs {
      setHolder(record, now, connection)
      try await connection.run(Self.insert, parameters: 4)
      isOurs = connection.reply.rows == 1
    }
    try await connection.commit(decides: false)
    return isOurs
  }

  mutating func giveBack(_ record: Int32, _ connection: inout Connection) async throws(AttemptFailure) -> Bool {
    connection.parameters.set(0, int4: record)
    connection.parameters.set(1, int8: client)
    try connection.send(.begin)
    try connection.send(Self.delete, parameters: 2)
    try await connection.complete()
    let wasHeld = connection.reply.rows == 1
    try await connection.commit(decides: false)
    return wasHeld
  }

  private func setHolder(_ record: Int32, _ now: Int64, _ connection: borrowing Connection) {
    connection.parameters.set(0, int4: record)
    connection.parameters.set(1, int8: client)
    connection.parameters.set(2, int8: now)
    connection.parameters.set(3, int8: configuration.ttl)
  }

  /// Microseconds since 1970 by the clock of this host: the registry trusts the clocks of its applications.
  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
