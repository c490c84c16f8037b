internal import Model
internal import Runtime

/// `postgres.insert-on-conflict`: a row that exists is a lock that is held.
struct InsertOnConflict: LockTable {
  static let documentation = Documentation(
    introduction: "a row that exists is a lock that is held.",
    algorithm: """
      `INSERT INTO lock_keys (name, owner) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name`, a transaction of its
      own. A row came back: the lock is ours. None: somebody holds it; sleep for `poll` times 0.5 to 1.5 and try again,
      until `timeout`. To release, `DELETE FROM lock_keys WHERE name = $1 AND owner = $2`. Read and write in between, on
      a connection of their own.
      """,
    guarantees: "mutual exclusion among all who take the lock, wherever they run, however long they hold it.",
    doesNotGuarantee: """
      that a lock is ever free again: there is no expiry, so what a holder that died has locked stays locked until
      somebody deletes the row. Order among those who wait. A table of constant size: each lock leaves a dead row and a
      dead index entry to vacuum.
      """,
    failureWindow: "from the death of a holder, for ever. After a lost connection the client deletes its rows first.",
    roundTrips: "those of the store (over PostgreSQL: 1 to read, 1 to write) and 1 to release.",
    source: #"PostgreSQL manual, `INSERT`, "ON CONFLICT Clause"."#)

  struct Configuration: Sendable {
    let waiting: Waiting
  }

  private let owner: Int64

  static func descriptor(over store: String) -> StrategyDescriptor {
    .lockTable(
      "insert-on-conflict", "INSERT ... ON CONFLICT DO NOTHING as a lock, without expiry", documentation, over: store,
      options: Waiting.options())
  }

  private static var insert: Statement {
    Statement("insert", "INSERT INTO lock_keys (name, owner) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name")
  }
  private static var delete: Statement {
    Statement("delete", "DELETE FROM lock_keys WHERE name = $1 AND owner = $2 RETURNING name")
  }
  private static var deleteAll: Statement {
    Statement("delete-all", "DELETE FROM lock_keys WHERE owner = $1")
  }

  static func configure(_ environment: StrategyEnvironment) -> Configuration {
    Configuration(waiting: Waiting(environment.options, pause: "poll", isJittered: true))
  }

  static func statements(_ configuration: Configuration) -> [Statement] { [insert, delete, deleteAll] }
  static func waiting(_ configuration: Configuration) -> Waiting? { configuration.waiting }

  init(_ configuration: Configuration, _ worker: WorkerContext) { owner = Int64(worker.index) }

  mutating func take(_ record: Int32, _ connection: inout Connection) async throws(AttemptFailure) -> Bool {
    connection.parameters.set(0, int4: record)
    connection.parameters.set(1, int8: owner)
    try await connection.run(Self.insert, parameters: 2)
    return connection.reply.rows == 1
  }

  mutating func giveBack(_ record: Int32, _ connection: inout Connection) async throws(AttemptFailure) -> Bool {
    connection.parameters.set(0, int4: record)
    connection.parameters.set(1, int8: owner)
    try await connection.run(Self.delete, parameters: 2)
    return connection.reply.rows == 1
  }

  func forget(_ connection: inout Connection) async throws(AttemptFailure) {
    connection.parameters.set(0, int8: owner)
    try await connection.run(Self.deleteAll, parameters: 1)
  }
}
