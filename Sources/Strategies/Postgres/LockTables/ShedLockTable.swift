internal import Model
internal import Runtime
internal import Synchronization

/// `postgres.shedlock`: ShedLock's lock for scheduled tasks: whoever does not get it leaves the work to the holder.
struct ShedLockTable: LockTable {
  static let documentation = Documentation(
    introduction: "ShedLock's lock for scheduled tasks: whoever does not get it leaves the work to the holder.",
    algorithm: """
      with the server's clock, as its documentation recommends; `utc` stands for `timezone('utc', CURRENT_TIMESTAMP)`.
      When a process meets a name for the first time:

          INSERT INTO shedlock (name, lock_until, locked_at, locked_by) VALUES ($1, utc + lock-at-most-for, utc, $3)
          ON CONFLICT (name) DO UPDATE SET lock_until = utc + lock-at-most-for, locked_at = utc, locked_by = $3
          WHERE shedlock.lock_until <= utc

      From then on, and once more when the insertion changed nothing, `UPDATE shedlock SET ... WHERE name = $1 AND
      lock_until <= utc`. One row changed: the lock is ours. None: the attempt ends as `not-acquired` at once, and the
      scenario's retry policy decides, where a scheduler would skip the run. To release, `UPDATE shedlock SET lock_until
      = greatest(locked_at + lock-at-least-for, utc) WHERE name = $1 AND locked_by = $2`. Each statement is a
      transaction of its own, on a connection of its own. Times have milliseconds.
      """,
    guarantees: """
      one holder at a time, as long as nobody holds longer than `lock-at-most-for`; at most one in `lock-at-least-for`.
      """,
    doesNotGuarantee: """
      that work is ever done by somebody who was refused; order; a stop to the writes of a holder whose lock has expired
      (no fencing). `locked_by` is the host by default: a slow holder then releases the lock of its successor on the
      same host.
      """,
    failureWindow: "from the expiry until the holder notices. A holder that dies blocks others for `lock-at-most-for`.",
    roundTrips: "those of the store (over PostgreSQL: 1 to read, 1 to write) and 1 to release.",
    source: """
      ShedLock, `JdbcTemplateLockProvider`, `PostgresSqlServerTimeStatementsSource`, `StorageBasedLockProvider`.
      """)

  struct Configuration: Sendable {
    let most: Int64
    let least: Int64
    let isOwnedByWorker: Bool
    let known: KnownNames
  }

  private let most: Int64
  private let least: Int64
  private let owner: Int64
  private let known: KnownNames

  static func descriptor(over store: String) -> StrategyDescriptor {
    .lockTable(
      "shedlock", "ShedLock: one try for a row with an expiry; the loser skips", documentation, over: store,
      options: [
        OptionSpecification(
          "lock-at-most-for", .duration(.milliseconds(1) ... .seconds(86400)), default: .duration(.seconds(30)),
          "How long the lock lasts if nobody releases it; ShedLock has no default of its own."),
        OptionSpecification(
          "lock-at-least-for", .duration(.zero ... .seconds(86400)), default: .duration(.zero),
          "How long the lock lasts at least, however soon the work is done."),
        OptionSpecification(
          "locked-by", .word(["host", "worker"]), default: .word("host"),
          "Who holds a lock, as the release checks it; the host by default, as in ShedLock."),
      ])
  }

  private static var insert: Statement {
    Statement(
      "insert",
      """
      INSERT INTO shedlock (name, lock_until, locked_at, locked_by)
      VALUES (($1::int4)::text, timezone('utc', CURRENT_TIMESTAMP) + $2::int8 * interval '1 millisecond',
        timezone('utc', CURRENT_TIMESTAMP), ($3::int8)::text)
      ON CONFLICT (name) DO UPDATE SET
        lock_until = timezone('utc', CURRENT_TIMESTAMP) + $2 * interval '1 millisecond',
        locked_at = timezone('utc', CURRENT_TIMESTAMP), locked_by = ($3)::text
      WHERE shedlock.name = ($1)::text AND shedlock.lock_until <= timezone('utc', CURRENT_TIMESTAMP)
      RETURNING 1
      """)
  }
  private static var update: Statement {
    Statement(
      "update",
      """
      UPDATE shedlock SET lock_until = timezone('utc', CURRENT_TIMESTAMP) + $2::int8 * interval '1 millisecond',
        locked_at = timezone('utc', CURRENT_TIMESTAMP), locked_by = ($3::int8)::text
      WHERE name = ($1::int4)::text AND lock_until <= timezone('utc', CURRENT_TIMESTAMP)
      RETURNING 1
      """)
  }
  private static var unlock: Statement {
    Statement(
      "unlock",
      """
      UPDATE shedlock SET lock_until =
        greatest(locked_at + $2::int8 * interval '1 millisecond', timezone('utc', CURRENT_TIMESTAMP))
      WHERE name = ($1::int4)::text AND locked_by = ($3::int8)::text
      RETURNING 1
      """)
  }

  static func configure(_ environment: StrategyEnvironment) -> Configuration {
    let options = environment.options
    return Configuration(
      most: options.duration("lock-at-most-for").nanoseconds / 1_000_000,
      least: options.duration("lock-at-least-for").nanoseconds / 1_000_000,
      isOwnedByWorker: options.word("locked-by") == "worker", known: KnownNames())
  }

  static func statements(_ configuration: Configuration) -> [Statement] { [insert, update, unlock] }
  static func waiting(_ configuration: Configuration) -> Waiting? { nil }

  init(_ configuration: Configuration, _ worker: WorkerContext) {
    most = max(1, configuration.most)
    least = configuration.least
    owner = configuration.isOwnedByWorker ? Int64(worker.index) + 1 : 0
    known = configuration.known
  }

  mutating func take(_ record: Int32, _ connection: inout Connection) async throws(AttemptFailure) -> Bool {
    if known.insert(record), try await run(Self.insert, record, most, &connection) { return true }
    return try await run(Self.update, record, most, &connection)
  }

  mutating func giveBack(_ record: Int32, _ connection: inout Connection) async throws(AttemptFailure) -> Bool {
    try await run(Self.unlock, record, least, &connection)
  }

  private func run(
    _ statement: Statement, _ record: Int32, _ milliseconds: Int64, _ connection: inout Connection
  ) async throws(AttemptFailure) -> Bool {
    connection.parameters.set(0, int4: record)
    connection.parameters.set(1, int8: milliseconds)
    connection.parameters.set(2, int8: owner)
    try await connection.run(statement, parameters: 3)
    return connection.reply.rows == 1
  }
}

/// The names whose rows exist as far as a process knows: ShedLock's `LockRecordRegistry`.
final class KnownNames: Sendable {
  private let names = Mutex<Set<Int32>>([])

  /// Whether the name was not known until now.
  func insert(_ name: Int32) -> Bool { names.withLock { $0.insert(name).inserted } }
}
