internal import Model
internal import Runtime

/// A lock in a table, on a connection of its own, whatever store it guards.
struct LockTableClient<Table: LockTable>: LockClient, ~Copyable {
  private var session: Session
  private var table: Table
  private let waiting: Waiting?

  struct Configuration: Sendable {
    let plan: SessionPlan
    let table: Table.Configuration
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let table = Table.configure(environment)
    let plan = try SessionPlan(environment, Table.statements(table), isPipelined: Table.isPipelined)
    return Configuration(plan: plan, table: table)
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> LockTableClient<Table> {
    LockTableClient(
      session: try await Session(configuration.plan, worker), table: Table(configuration.table, worker),
      waiting: Table.waiting(configuration.table))
  }

  private init(session: consuming Session, table: Table, waiting: Waiting?) {
    self.session = session
    self.table = table
    self.waiting = waiting
  }

  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      try await table.take(key, waiting, &session.connection, &attempt)
      if let token = table.token(key) { attempt.granted(key, token: token) }
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      let wasHeld = try await table.giveBack(key, &session.connection)
      if !wasHeld { attempt.count(.expiredHolds) }
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  mutating func reopen() async throws(SetupFailure) {
    try await session.reopen()
    do throws(AttemptFailure) {
      try await table.forget(&session.connection)
    } catch {
      throw SetupFailure("PostgreSQL did not take back the locks of a lost session: \(session.connection.lastError)")
    }
  }

  consuming func close() async {}
}

extension LockTableClient: FencingLockClient where Table: FencingLockTable {}

extension LockTable {
  /// Tries until the row is ours, or as long as the waiting allows.
  mutating func take(
    _ record: Int32, _ waiting: Waiting?, _ connection: inout Connection, _ attempt: inout Attempt
  ) async throws(AttemptFailure) {
    var deadline: Int64?
    while !(try await take(record, &connection)) {
      guard let waiting else { throw .notAcquired }
      attempt.count(.polls)
      let now = monotonicNow()
      let end = deadline ?? now &+ waiting.timeout
      if now >= end { throw .notAcquired }
      deadline = end
      await attempt.sleep(nanoseconds: waiting.pause(&attempt.random))
    }
  }
}
