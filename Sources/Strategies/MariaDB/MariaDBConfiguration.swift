#if MariaDB
internal import Model
internal import Runtime

/// What all workers of a process share: where the server is, and the settings of each session.
public struct MariaDBConfiguration: Sendable {
  let address: Address
  /// The run's own; also the name by which the server lists the sessions.
  let database: String
  /// What every session begins with.
  let settings: SessionSettings

  /// - Parameter checksSnapshots: `innodb_snapshot_isolation`. Off unless a strategy is about it: those that lock before
  ///   they read, or read and write in different transactions, have no snapshot that it could look at.
  init(
    _ environment: StrategyEnvironment, isolation: String = "REPEATABLE READ", checksSnapshots: Bool = false
  ) throws(SetupFailure) {
    address = try Address(url: environment.endpoint("mariadb"))
    database = environment.namespace
    let options = Options(Self.options, stated: environment.options.values)
    let seconds = options.duration("lock-wait-timeout").nanoseconds / 1_000_000_000
    settings = SessionSettings(isolation: isolation, lockWait: seconds, checksSnapshots: checksSnapshots)
  }

  /// Of a user's own scripts, which find their tables in a database of their own.
  ///
  /// - Parameter isolation: nil leaves that of the server.
  init(scripts environment: StrategyEnvironment, isolation: String?) throws(SetupFailure) {
    address = try Address(url: environment.endpoint("mariadb"))
    database = ScriptDatabase.name(environment.namespace)
    let options = Options(Self.options, stated: environment.options.values)
    settings = SessionSettings(
      scripts: isolation, lockWait: options.duration("lock-wait-timeout").nanoseconds / 1_000_000_000)
  }

  /// Options of every strategy of this backend.
  static let options = [
    OptionSpecification(
      "lock-wait-timeout", .duration(.zero ... .seconds(3600)), default: .duration(.seconds(50)),
      "The server's innodb_lock_wait_timeout, in whole seconds: how long to wait for a row; 0 not at all.")
  ]
}
#endif
