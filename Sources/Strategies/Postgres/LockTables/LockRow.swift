internal import Model
internal import Runtime

/// The rows of `postgres.lock-row`: a status, an owner, an expiry by the server's clock, and a fencing token that grows
/// with every grant.
struct LockRow: LockTable {
  struct Configuration: Sendable {
    let ttl: Int64
    let waiting: Waiting
  }

  private let ttl: Int64
  private let owner: Int64
  /// The tokens of the records that are held, by record.
  private var tokens: [(record: Int32, token: Int64)] = []

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
      waiting: Waiting(options, pause: "poll", isJittered: true))
  }

  static func statements(_ configuration: Configuration) -> [Statement] { [take, release, releaseAll, cleanUp] }
  static func waiting(_ configuration: Configuration) -> Waiting? { configuration.waiting }

  init(_ configuration: Configuration, _ worker: WorkerContext) {
    ttl = configuration.ttl
    owner = Int64(worker.index)
    tokens.reserveCapacity(Operation.maximumSteps)
  }

  /// The token of a record that is held.
  func token(_ record: Int32) -> Int64 { tokens.first { $0.record == record }?.token ?? 0 }

  mutating func take(_ record: Int32, _ connection: inout Connection) async throws(AttemptFailure) -> Bool {
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
    connection.parameters.set(2, int8: token(record))
    tokens.removeAll { $0.record == record }
    try await connection.run(Self.release, parameters: 3)
    return connection.reply.rows == 1
  }

  func forget(_ connection: inout Connection) async throws(AttemptFailure) {
    connection.parameters.set(0, int8: owner)
    try await connection.run(Self.releaseAll, parameters: 1)
  }

  /// The clean-up job: frees what has expired.
  func cleanUp(_ connection: inout Connection) async throws(AttemptFailure) {
    try await connection.run(Self.cleanUp)
  }
}
