import Model
import Runtime
import Testing

@testable import PostgresStrategies

/// Tests that use the private PostgreSQL. One after the other: its counts are those of a whole database.
@Suite(.serialized) enum PostgresTests {}

/// The private PostgreSQL of these tests.
enum PostgresServer {
  /// Where it is.
  static var url: String { get throws { try PrivateService.url("postgres") } }

  /// The URL with another user, password or database.
  static func url(user: String = "contend", password: String? = nil, database: String = "postgres") throws -> String {
    let login = user + (password.map { ":" + $0 } ?? "")
    let own = try url
    let host = try #require(own.firstRange(of: "host=").map { own[$0.upperBound...].prefix { $0 != "&" } })
    return "postgresql://\(login)@/\(database)?host=\(host)"
  }

  /// A session that makes and drops databases, in one that no trial uses: to those who count what the server does, a
  /// session of somebody else in their database is a stranger.
  static func administer() throws -> AdministrationConnection {
    let name = "administration"
    if let session = try? connect(url(database: name)) { return session }
    // Another test may be making it at this moment.
    _ = try? connect().run("CREATE DATABASE \(name)")
    return try connect(url(database: name))
  }

  /// A session of the tests' own.
  static func connect(_ url: String? = nil, namespace: String = "tests") throws -> AdministrationConnection {
    try AdministrationConnection(ConnectionAddress(url ?? PostgresServer.url), namespace: namespace)
  }
}
