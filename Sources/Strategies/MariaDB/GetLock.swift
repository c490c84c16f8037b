#if MariaDB
public import Model
public import Runtime

/// `mariadb.get-lock`: a lock on a name that stands for the record, then an unprotected read and write.
public struct GetLock: LockClient, ~Copyable {
  static let documentation = Documentation(
    introduction: "a lock on a name that stands for the record, then an unprotected read and write.",
    algorithm: """
      per record, in the order of the steps, `SELECT GET_LOCK('<run>:<record>', timeout)` on a connection of its own;
      read, decide and write on another; per record, in reverse, `SELECT RELEASE_LOCK('<run>:<record>')`. 1 means
      granted, 0 that the timeout has passed, NULL an error. The locks belong to the connection and outlive
      transactions.
      """,
    guarantees: """
      mutual exclusion among all who take the lock, wherever they run. Waiters are served first come, first served.
      """,
    doesNotGuarantee: """
      anything against those who do not take it; shared locks. When locks are taken in different orders the server ends
      one request with error 1213, a `deadlock`; it keeps the locks that it has, and gives them back here.
      """,
    failureWindow: """
      the server frees the lock when its connection is lost, while the client may still be writing over the other; there
      is no fencing. Behind a proxy that shares server connections among clients it does not work.
      """,
    roundTrips: "3 (`SELECT`, `UPDATE`, `RELEASE_LOCK`).",
    source: #"MariaDB manual, "GET_LOCK"; with_advisory_lock and DistributedLock use it the same way."#)

  private let session: Session
  private let timeoutMilliseconds: Int64

  /// What all workers of a process share.
  public struct Configuration: Sendable {
    let server: MariaDBConfiguration
    let timeoutMilliseconds: Int64
  }

  /// Reads address and options.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      server: try MariaDBConfiguration(environment),
      timeoutMilliseconds: environment.options.duration("timeout").nanoseconds / 1_000_000)
  }

  /// Connects.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> GetLock {
    GetLock(
      session: try await Session(configuration.server, worker), timeoutMilliseconds: configuration.timeoutMilliseconds)
  }

  /// Waits for the lock on the server.
  public mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    begin("SELECT GET_LOCK(CONCAT(DATABASE(), ':', ", key)
    session.connection.statement.append("), 0.001 * ")
    session.connection.statement.append(timeoutMilliseconds)
    session.connection.statement.append(")")
    switch try await answer(attempt) {
    case 1: return
    case 0: throw .notAcquired
    default:
      attempt.note(error: "MariaDB: GET_LOCK answered NULL")
      throw .error
    }
  }

  /// Gives the lock back.
  public mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    begin("SELECT RELEASE_LOCK(CONCAT(DATABASE(), ':', ", key)
    session.connection.statement.append("))")
    if try await answer(attempt) != 1 { attempt.count(.expiredHolds) }
  }

  private func begin(_ words: StaticString, _ key: Int32) {
    session.connection.statement.clear()
    session.connection.statement.append(words)
    session.connection.statement.append(Int64(key))
  }

  private func answer(_ attempt: Attempt) async throws(AttemptFailure) -> Int64? {
    do throws(AttemptFailure) {
      try await session.connection.run()
      return session.connection.nextRow()?.first
    } catch {
      throw await session.abandon(error, attempt)
    }
  }

  /// Connects again; no lock is held then.
  public mutating func reopen() async throws(SetupFailure) { try await session.reopen() }

  /// Closes the connection, which frees all locks.
  public consuming func close() async {}
}

extension GetLock {
  /// What it is over one of the stores that it composes with.
  public static func descriptor(over store: String) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "mariadb.get-lock", summary: "GET_LOCK around a read and a write", documentation: documentation,
      needs: ["mariadb"], store: store, stores: [store],
      options: MariaDBConfiguration.options + options, scope: .network, threading: .perConnection, returnsValues: true,
      roundTripsUnderLock: store == "memory" ? 1 : 3)
  }

  private static let options = [
    OptionSpecification(
      "timeout", .duration(.zero ... .seconds(3600)), default: .duration(.seconds(10)),
      "How long to wait for a lock before the attempt fails as not-acquired; whole milliseconds.")
  ]
}
#endif
