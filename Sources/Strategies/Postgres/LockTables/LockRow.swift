internal import Model
internal import Runtime

/// `postgres.lock-row`: a lock row with status, owner and expiry, whose grants are numbered.
struct LockRow: FencingLockTable {
  static let documentation = Documentation(
    introduction: "a lock row with status, owner and expiry, and a fencing token that the records check.",
    algorithm: """
      per record, in the order of the steps, one statement that takes a row which is new, free or expired by the
      server's clock, `clock_timestamp()` and not the start of the transaction, because it may wait for the row:

          INSERT INTO lock_rows AS held VALUES ($1, 'held', $2, clock_timestamp() + ttl, 1)
          ON CONFLICT (name) DO UPDATE SET status = 'held', owner = $2, until = clock_timestamp() + ttl,
            fence = held.fence + 1
          WHERE held.status = 'free' OR held.until <= clock_timestamp() RETURNING fence

      No row came back: sleep for `poll` times 0.5 to 1.5 and try again, until `timeout`. The token goes along to the
      records, which compare it as `fence` says; read and write are on a connection of their own. Per record, in reverse,
      `UPDATE lock_rows SET status = 'free' WHERE name = $1 AND owner = $2 AND fence = $3`. The clean-up job, run by the
      first worker every `clean-up`, frees expired rows: `UPDATE lock_rows SET status = 'free' WHERE status = 'held' AND
      until <= clock_timestamp()`. It never deletes one: the next token would start at 1 again, below the one that the
      record has seen.
      """,
    guarantees: """
      one holder at a time as long as nobody holds longer than `ttl`; with `fence: read-and-write`, its default, no lost
      update even then: the write of a holder whose lock has gone to another fails (`lease-lost`) and is tried again.
      """,
    doesNotGuarantee: """
      with `fence: none` anything beyond `ttl`, with `fence: write` what a late holder's read has missed. Order among
      those who wait; a bound on an operation that takes longer than `ttl` and is overtaken each time.
      """,
    failureWindow: """
      none with `fence: read-and-write`; without it from the expiry until the holder notices. A holder that dies blocks
      others for `ttl`.
      """,
    roundTrips: "those of the store (over PostgreSQL: 1 to read, 1 to write) and 1 to release.",
    source: """
      the expiry of Spring Integration's `DefaultLockRepository`, with the fencing token of Kleppmann 2016, "How to do
      distributed locking".
      """)

  struct Configuration: Sendable {
    let ttl: Int64
    let waiting: Waiting
    let cleanUpInterval: Int64
  }

  private let ttl: Int64
  private let owner: Int64
  /// The tokens of the records that are held, by record.
  private var tokens: [(record: Int32, token: Int64)] = []
  private let cleanUpInterval: Int64
  /// When this worker runs the clean-up job next; never, unless it is the first.
  private var nextCleanUp: Int64

  static func descriptor(over store: String) -> StrategyDescriptor {
    .lockTable(
      "lock-row", "lock row with status, expiry and fencing token", documentation, over: store,
      options: [
        OptionSpecification(
          "ttl", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(.seconds(10)),
          "How long the lock lasts if nobody releases it; whole milliseconds."),
        OptionSpecification(
          "clean-up", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(.seconds(10)),
          "How often the clean-up job frees expired rows."),
      ] + Waiting.options())
  }

  private static var take: Statement {
    Statement(
      "take",
      """
      INSERT INTO lock_rows AS held (name, status, owner, until, fence)
      VALUES ($1, 'held', $2, clock_timestamp() + $3::int8 * interval '1 millisecond', 1)
      ON CONFLICT (name) DO UPDATE SET status = 'held', owner = $2,
        until = clock_timestamp() + $3 * interval '1 millisecond', fence = held.fence + 1
      WHERE held.status = 'free' OR held.until <= clock_timestamp()
      RETURNING fence
      """)
  }
  private static var release: Statement {
    Statement(
      "release",
      """
      UPDATE lock_rows SET status = 'free' WHERE name = $1 AND owner = $2 AND fence = $3 AND status = 'held'
      RETURNING name
      """)
  }
  private static var releaseAll: Statement {
    Statement("release-all", "UPDATE lock_rows SET status = 'free' WHERE owner = $1 AND status = 'held'")
  }
  private static var cleanUp: Statement {
    Statement(
      "clean-up", "UPDATE lock_rows SET status = 'free' WHERE status = 'held' AND until <= clock_timestamp()")
  }

  static func configure(_ environment: StrategyEnvironment) -> Configuration {
    let options = environment.options
    return Configuration(
      ttl: max(1, options.duration("ttl").nanoseconds / 1_000_000),
      waiting: Waiting(options, pause: "poll", isJittered: true),
      cleanUpInterval: options.duration("clean-up").nanoseconds)
  }

  static func statements(_ configuration: Configuration) -> [Statement] { [take, release, releaseAll, cleanUp] }
  static func waiting(_ configuration: Configuration) -> Waiting? { configuration.waiting }

  init(_ configuration: Configuration, _ worker: WorkerContext) {
    ttl = configuration.ttl
    owner = Int64(worker.index)
    tokens.reserveCapacity(Operation.maximumSteps)
    cleanUpInterval = configuration.cleanUpInterval
    nextCleanUp = worker.index == 0 ? monotonicNow() &+ configuration.cleanUpInterval : .max
  }

  func token(_ record: Int32) -> Int64? { tokens.first { $0.record == record }?.token }

  mutating func take(_ record: Int32, _ connection: inout Connection) async throws(AttemptFailure) -> Bool {
    try await cleanUpIfDue(&connection)
    connection.parameters.set(0, int4: record)
    connection.parameters.set(1, int8: owner)
    connection.parameters.set(2, int8: ttl)
    try await connection.run(Self.take, parameters: 3)
    guard connection.reply.rows == 1 else { return false }
    tokens.append((record, connection.reply[0, 0]))
    return true
  }

  mutating func giveBack(_ record: Int32, _ connection: inout Connection) async throws(AttemptFailure) -> Bool {
    connection.parameters.set(0, int4: record)
    connection.parameters.set(1, int8: owner)
    connection.parameters.set(2, int8: token(record) ?? 0)
    tokens.removeAll { $0.record == record }
    try await connection.run(Self.release, parameters: 3)
    return connection.reply.rows == 1
  }

  func forget(_ connection: inout Connection) async throws(AttemptFailure) {
    connection.parameters.set(0, int8: owner)
    try await connection.run(Self.releaseAll, parameters: 1)
  }

  private mutating func cleanUpIfDue(_ connection: inout Connection) async throws(AttemptFailure) {
    guard nextCleanUp < .max, monotonicNow() >= nextCleanUp else { return }
    nextCleanUp = monotonicNow() &+ cleanUpInterval
    try await connection.run(Self.cleanUp)
  }
}
