import Foundation
import Model
import Runtime
import Services
import Testing

@testable import PostgresStrategies

/// The private PostgreSQL of these tests: started when first needed, gone with the test process.
enum PostgresServer {
  /// Keeps the server running.
  private struct Running: @unchecked Sendable {  // because the pool is not touched after it has started the server
    let pool: ServicePool
    let url: String
  }

  private static let started = Result {
    let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
    let program = bundle ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    var options = LaunchOptions()
    options.guardExecutable = program.deletingLastPathComponent().appendingPathComponent("contend").path
    let pool = ServicePool(settings: ServiceSettings(), options: options)
    let endpoint = try pool.start(["postgres"])[0]
    return Running(pool: pool, url: endpoint.url)
  }

  /// Where it is.
  static var url: String { get throws { try started.get().url } }

  /// The URL with another user, password or database.
  static func url(user: String = "contend", password: String? = nil, database: String = "postgres") throws -> String {
    let login = user + (password.map { ":" + $0 } ?? "")
    let own = try url
    let host = try #require(own.firstRange(of: "host=").map { own[$0.upperBound...].prefix { $0 != "&" } })
    return "postgresql://\(login)@/\(database)?host=\(host)"
  }

  /// A session of the tests' own.
  static func connect(_ url: String? = nil, namespace: String = "tests") throws -> AdministrationConnection {
    try AdministrationConnection(ConnectionAddress(url ?? PostgresServer.url), namespace: namespace)
  }

  /// A namespace that no other test uses.
  static func makeNamespace() -> String { "test_\(UInt32.random(in: 0 ... .max))" }
}

/// Waits until a condition holds; false after ten seconds.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
  for _ in 0..<1000 {
    if try condition() { return true }
    usleep(10_000)
  }
  return false
}
