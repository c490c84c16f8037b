#if Etcd
public import Model
public import Runtime

/// `etcd.lock-service`: the same queue of keys as `etcd.lock`, but the server waits in it for us.
public struct EtcdLockService: FencingLockClient, ~Copyable {
  static let documentation = Documentation(
    introduction: "the same queue of keys as `etcd.lock`, but the server waits in it for us.",
    algorithm: """
      each session has a lease, kept alive every third of its life. `v3lock.Lock(name, lease)` is one call that is
      answered when the lock is held, with the key by which we hold it; the server runs the recipe of `etcd.lock`. After
      `timeout` the call is cancelled, and the key is deleted. `v3lock.Unlock(key)` deletes it. The fencing token is the
      revision of the store at which the lock was granted, from the head of the answer.
      """,
    guarantees: """
      one holder at a time, in the order of the requests, as long as the lease of the holder lives. A holder that dies
      blocks others for `lease` and half a second at most.
      """,
    doesNotGuarantee: """
      mutual exclusion beyond the lease, as with `etcd.lock`. The server of 3.4 does not look whether the lease has
      expired while it waited: so the client does, by its own clock, before it believes in the lock. Without a lease of
      one's own the service makes one of 60 s that nobody keeps alive: a trap that is not set here.
      """,
    failureWindow: """
      from the expiry of the lease until the holder notices. A lost answer to `Lock` may leave it taken; after the
      reconnect the key, whose name is known, is deleted.
      """,
    roundTrips: """
      those of the store (over etcd: 1 to read, 1 to write) and 1 to release, each write synced to disk. Calls of gRPC,
      as `etcd.lock`.
      """,
    source: """
      etcd v3 API reference, "concurrency: service Lock"; `server/etcdserver/api/v3lock/lock.go`, version 3.4.
      """)

  private let session: Session
  private let timeoutNanoseconds: Int64
  /// Records whose keys are or may be there.
  private var held: [Int32] = []

  /// Reads address and options.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> EtcdLock.Configuration {
    try EtcdLock.Configuration(environment)
  }

  /// Opens a session.
  public static func open(
    _ configuration: EtcdLock.Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> EtcdLockService {
    let session = Session(configuration.server, worker)
    try await session.open()
    return EtcdLockService(session: session, timeoutNanoseconds: configuration.timeoutNanoseconds)
  }

  private init(session: Session, timeoutNanoseconds: Int64) {
    self.session = session
    self.timeoutNanoseconds = timeoutNanoseconds
  }

  /// The name that the service gives to our key.
  private func ownKey(_ key: Int32) -> String {
    session.configuration.keys.lock(key) + "/" + String(session.lease, radix: 16)
  }

  /// Waits for the answer of the service.
  public mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    if session.isOver { throw .connectionLost }
    held.append(key)
    let request = LockRequest(name: session.configuration.keys.lock(key), lease: session.lease)
    let deadline = monotonicNow() &+ timeoutNanoseconds
    do throws(AttemptFailure) {
      let answer = try await session.perform(request, until: deadline, attempt)
      attempt.granted(key, token: answer.header.revision)
    } catch {
      if error.breaksSession || error == .leaseLost { throw .connectionLost }
      _ = try await session.perform(DeleteRequest(keys: .one(ownKey(key))), attempt)
      held.removeAll { $0 == key }
      throw error
    }
    if session.isOver { throw .connectionLost }
  }

  /// Asks the service to unlock.
  public mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    guard held.contains(key) else { return }
    if session.isOver { attempt.count(.expiredHolds) }
    _ = try await session.perform(UnlockRequest(key: ownKey(key)), attempt)
    held.removeAll { $0 == key }
  }

  /// Connects again, with another lease if keys may still be there: between attempts nothing is held on purpose.
  public mutating func reopen() async throws(SetupFailure) {
    try await session.reopen(replacingLease: !held.isEmpty)
    held = []
  }

  /// Ends the session, which removes its keys.
  public consuming func close() async { await session.close() }
}
#endif
