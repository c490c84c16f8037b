#if Etcd
import Model
import Runtime

@testable import EtcdStrategies

/// A planted fault: a lock in a lease of its own that nobody keeps alive, as the lock service makes them by default,
/// only shorter.
struct ForgetfulEtcdLock: LockClient, ~Copyable {
  private let session: Session
  private var key = ""

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> EtcdConfiguration {
    try EtcdConfiguration(environment)
  }

  static func open(
    _ configuration: EtcdConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> ForgetfulEtcdLock {
    let session = Session(configuration, worker)
    try await session.open()
    return ForgetfulEtcdLock(session: session)
  }

  private init(session: Session) { self.session = session }

  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    let lease = try await session.perform(LeaseGrantRequest(seconds: 1), attempt).lease
    let name = session.configuration.keys.lock(key)
    let answer = try await session.perform(LockRequest(name: name, lease: lease), attempt)
    self.key = String(decoding: answer.key, as: UTF8.self)
  }

  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    _ = try await session.perform(UnlockRequest(key: self.key), attempt)
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async { await session.close() }
}
#endif
