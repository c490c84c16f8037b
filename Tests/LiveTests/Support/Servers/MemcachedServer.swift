#if Memcached
import Model
import Services
import Testing

@testable import MemcachedStrategies

/// Tests that use the private memcached. One after the other: its counts are those of a whole server.
@Suite(.serialized) enum MemcachedTests {}

/// The private memcached of these tests: started when first needed, gone with the test process.
enum MemcachedServer {
  /// Keeps the server running.
  private struct Running: @unchecked Sendable {  // because the pool is not touched after it has started the server
    let pool: ServicePool
    let url: String
    /// Sessions that the server counts when there is one; more if it has not yet noticed that others have ended.
    let sessions: Int64
  }

  private static let started = Result {
    let pool = PrivateService.makePool()
    let url = try pool.start(["memcached"])[0].url
    return Running(pool: pool, url: url, sessions: try MemcachedAdministration(url: url, namespace: "none").sessions())
  }

  /// Waits until the server has noticed that the sessions of earlier tests have ended.
  static func waitUntilIdle(_ administration: MemcachedAdministration) throws {
    let running = try started.get()
    try waitUntil("memcached has noticed the end of earlier sessions") {
      try administration.sessions() <= running.sessions
    }
  }

  /// Where it is.
  static var url: String { get throws { try started.get().url } }
}
#endif
