import Model
import Runtime

@testable import RedisStrategies

/// A planted fault: a Redis lock that many write at first. Its expiry is shorter than the work, and its release deletes
/// the key whoever holds it, so that one slow holder frees the locks of its successors, again and again.
struct CarelessRedisLock: LockClient, ~Copyable {
  private var connection: RedisConnection

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> RedisConfiguration {
    try RedisConfiguration(environment)
  }

  static func open(
    _ configuration: RedisConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> CarelessRedisLock {
    var connection = try RedisConnection(configuration, worker)
    try await connection.open()
    return CarelessRedisLock(connection: connection)
  }

  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    repeat {
      await attempt.sleep(nanoseconds: 200_000)
      connection.request.clear()
      connection.request.command(words: 6)
      connection.request.append("SET")
      connection.request.append(connection.configuration.locks, key)
      connection.request.append("taken")
      connection.request.append("NX")
      connection.request.append("PX")
      connection.request.append(5)
      try await connection.perform(1, decides: true, &attempt)
    } while connection.replies.kind == .nothing
  }

  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    connection.request.clear()
    connection.request.command(words: 2)
    connection.request.append("DEL")
    connection.request.append(connection.configuration.locks, key)
    try await connection.perform(1, decides: false, &attempt)
  }

  mutating func reopen() async throws(SetupFailure) { try await connection.open() }
  consuming func close() async {}
}
