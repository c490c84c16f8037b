import Foundation

@testable import PostgresStrategies

/// A database of a test's own on the private PostgreSQL, in which one run may have its schema.
struct PrivateDatabase {
  let url: String
  private let name: String

  init() throws {
    name = "private_\(UUID().uuidString.prefix(8).lowercased())"
    _ = try PostgresServer.administer().run("CREATE DATABASE \(name)")
    url = try PostgresServer.url(database: name)
  }

  /// Runs a statement in the schema of the run; nothing happens when there is none, which the test must notice.
  func corrupt(_ statement: String) {
    guard let session = try? PostgresServer.connect(url),
      let schema = try? session.run("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'contend%'").first?.first
    else { return }
    _ = try? session.run("SET search_path TO \"\(schema)\"")
    _ = try? session.run(statement)
  }

  func drop() { _ = try? PostgresServer.administer().run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)") }
}
