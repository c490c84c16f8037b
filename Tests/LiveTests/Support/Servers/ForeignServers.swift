#if MariaDB
import Glibc
import Model
import PostgresStrategies
import Services
import Testing

@testable import MariaDBStrategies
@testable import PostgresStrategies

/// PostgreSQL, PgBouncer and MariaDB of their own, set up as people have them: every default that can be foreign to what a
/// strategy means is. Started when first needed, gone with the test process.
enum ForeignServers {
  private struct Running: @unchecked Sendable {  // because the pool is not touched after it has started the servers
    let pool: ServicePool
    let urls: [String: String]
  }

  private static let started = Result {
    let pool = PrivateService.makePool()
    let endpoints = try pool.start(["postgres", "pgbouncer", "mariadb"])
    let running = Running(
      pool: pool, urls: Dictionary(endpoints.map { ($0.name, $0.url) }, uniquingKeysWith: { first, _ in first }))
    try setDefaults(running.urls)
    return running
  }

  /// Where they are, by service.
  static var urls: [String: String] { get throws { try started.get().urls } }

  static func url(_ service: String) throws -> String { try #require(urls[service]) }

  /// The limits are generous: they must not fire.
  private static func setDefaults(_ urls: [String: String]) throws {
    let postgresURL: String = try #require(urls["postgres"])
    let session = try PostgresServer.connect(postgresURL)
    for setting in [
      "default_transaction_isolation TO 'repeatable read'", "default_transaction_read_only TO on",
      "statement_timeout TO '50s'", "idle_session_timeout TO '50s'", "lock_timeout TO '40s'",
      "idle_in_transaction_session_timeout TO '50s'", "standard_conforming_strings TO off",
      // Deadlocks on purpose end sooner.
      "deadlock_timeout TO '20ms'",
    ] { try session.run("ALTER ROLE contend SET \(setting)") }
    let mariaDBURL: String = try #require(urls["mariadb"])
    let mariaDB = try mariaDB(mariaDBURL)
    for statement in [
      "SET GLOBAL TRANSACTION ISOLATION LEVEL READ UNCOMMITTED, READ ONLY",
      "SET GLOBAL autocommit = 0, sql_mode = 'ANSI', completion_type = 'CHAIN', innodb_snapshot_isolation = ON",
      "SET GLOBAL max_statement_time = 50, wait_timeout = 50, lock_wait_timeout = 40, innodb_lock_wait_timeout = 40",
    ] { try mariaDB.run(statement) }
  }

  /// A session with MariaDB.
  static func mariaDB(_ url: String? = nil) throws -> MariaDBStrategies.AdministrationConnection {
    try MariaDBStrategies.AdministrationConnection(Address(url: url ?? ForeignServers.url("mariadb")))
  }
}
#endif
