import Model
import Runtime
import Synchronization

/// A lock whose first holder dies: what it holds is never given back, as if its process had been killed.
struct DyingHolder<Lock: LockClient & ~Copyable>: LockClient, ~Copyable {
  final class Configuration: Sendable {
    let lock: Lock.Configuration
    let hasDied = Atomic<Bool>(false)
    init(_ lock: Lock.Configuration) { self.lock = lock }
  }

  private var lock: Lock
  private let configuration: Configuration

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(try Lock.configure(environment))
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> DyingHolder<Lock> {
    DyingHolder(lock: try await Lock.open(configuration.lock, worker), configuration: configuration)
  }

  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    try await lock.acquire(key, shared: shared, &attempt)
  }

  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    if configuration.hasDied.exchange(true, ordering: .relaxed) {
      try await lock.release(key, shared: shared, &attempt)
    }
  }

  mutating func reopen() async throws(SetupFailure) { try await lock.reopen() }
  consuming func close() async {}
}
