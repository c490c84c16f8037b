#if MariaDB
@testable import MariaDBStrategies

/// A session of the tests' own with MariaDB.
enum MariaDBSession {
  /// Runs one statement.
  static func run(_ sql: String, _ url: String) throws {
    try AdministrationConnection(Address(url: url)).run(sql)
  }
}
#endif
