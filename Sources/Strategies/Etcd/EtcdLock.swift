#if Etcd
public import Model
public import Runtime

/// `etcd.lock`: a queue of keys, one for each client that wants the lock; the oldest holds it.
public struct EtcdLock: LeaseClient, FencingLockClient, ~Copyable {
  static let documentation = Documentation(
    introduction: "a queue of keys, one for each client that wants the lock; the oldest holds it.",
    algorithm: """
      that of `clientv3/concurrency`: each session has a lease, kept alive every third of its life. To lock, one
      transaction creates `<record>/<lease>` under the lease if it is not there, and reads the oldest key of the record:
      if it is ours, the lock is held. Else, again and again: read the youngest of the keys older than ours; when there
      is none, the lock is held; else watch that key from there on until it is deleted. So each release wakes one
      client. Afterwards our own key must still be there (clients of etcd 3.4 forget to look), for the lease may have
      expired while we waited. After `timeout` our key is deleted. To unlock, delete the key. Each wait is a `Watch`
      call of its own; etcd's Go client keeps one open for all. The fencing token is the revision that created our key.

      An election (`Campaign`) takes the same key and holds it for the whole term. Before every effect the leader looks
      whether its lease lives by its own clock, without a request; candidates wait, each for the one before it.
      """,
    guarantees: """
      one holder at a time, in the order of the requests, as long as the lease of the holder lives. A holder that dies
      blocks others for `lease` and half a second at most.
      """,
    doesNotGuarantee: """
      mutual exclusion beyond the lease: a holder that was paused longer goes on working while the next one holds the
      lock, and nothing stops its writes unless `fence` does. A release that finds its key gone is counted as an expired hold. Locks are not shared.
      """,
    failureWindow: "from the expiry of the lease until the holder notices.",
    roundTrips: """
      those of the store (over etcd: 1 to read, 1 to write) and 1 to release, each write synced to disk. Requests are
      calls of gRPC, as those of etcd's own clients.
      """,
    source: "etcd `clientv3/concurrency/mutex.go`, `key.go` and `session.go`, version 3.4.")

  private let session: Session
  private let timeoutNanoseconds: Int64
  /// Records whose keys are or may be there.
  private var held: [Int32] = []

  /// What all workers of a process share.
  public struct Configuration: Sendable {
    let server: EtcdConfiguration
    let timeoutNanoseconds: Int64

    init(_ environment: StrategyEnvironment) throws(SetupFailure) {
      server = try EtcdConfiguration(environment)
      timeoutNanoseconds = environment.options.duration("timeout").nanoseconds
    }
  }

  /// Reads address and options.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    try Configuration(environment)
  }

  /// Opens a session.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> EtcdLock {
    let session = Session(configuration.server, worker)
    try await session.open()
    return EtcdLock(session: session, timeoutNanoseconds: configuration.timeoutNanoseconds)
  }

  private init(session: Session, timeoutNanoseconds: Int64) {
    self.session = session
    self.timeoutNanoseconds = timeoutNanoseconds
  }

  private func ownKey(_ key: Int32) -> String {
    session.configuration.keys.lock(key) + "/" + String(session.lease, radix: 16)
  }

  /// The keys of all who want a record.
  private func queue(of key: Int32) -> KeyRange { .prefix(session.configuration.keys.lock(key) + "/") }

  // MARK: acquire

  /// Creates a key and waits until it is the oldest.
  public mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    if session.isOver { throw .connectionLost }
    held.append(key)
    let deadline = monotonicNow() &+ timeoutNanoseconds
    do throws(AttemptFailure) {
      let (revision, isOldest) = try await enqueue(key, attempt)
      if !isOldest { try await waitForTurn(key, revision, until: deadline, attempt) }
      attempt.granted(key, token: revision)
    } catch {
      // With a broken session the key is kept in mind until `reopen()` has deleted it.
      if error.breaksSession || error == .leaseLost { throw .connectionLost }
      try await delete(key, attempt)
      throw error
    }
  }

  /// - Returns: the revision at which our key was created, and whether none is older.
  private func enqueue(_ key: Int32, _ attempt: Attempt) async throws(AttemptFailure) -> (Int64, Bool) {
    let own = ownKey(key)
    let oldest = TransactionRequest.Step.range(RangeRequest(keys: queue(of: key), extreme: .oldest))
    let request = TransactionRequest(
      conditions: [.isMissing(own)],
      then: [.put(PutRequest(key: own, value: "", lease: session.lease)), oldest],
      otherwise: [.range(RangeRequest(keys: .one(own))), oldest])
    let answer = try await session.perform(request, attempt)
    let mine = answer.hasSucceeded ? answer.header.revision : answer.ranges.first?.pairs.first?.createRevision
    guard let mine, let first = answer.ranges.last?.pairs.first?.createRevision else {
      attempt.note(error: "etcd: an answer without revisions")
      throw .error
    }
    return (mine, first == mine)
  }

  private func waitForTurn(
    _ key: Int32, _ revision: Int64, until deadline: Int64, _ attempt: Attempt
  ) async throws(AttemptFailure) {
    let before = RangeRequest(keys: queue(of: key), extreme: .youngest, createdUpTo: revision - 1)
    while true {
      let answer = try await session.perform(before, attempt)
      guard let predecessor = answer.pairs.first?.key else { break }
      attempt.count(.polls)
      let isOver = await session.connection.waitForDeletion(
        of: String(decoding: predecessor, as: UTF8.self), from: answer.header.revision + 1, until: deadline)
      if !isOver { throw .notAcquired }
      attempt.count(.statements)
    }
    let own = try await session.perform(RangeRequest(keys: .one(ownKey(key))), attempt)
    if own.pairs.isEmpty { throw .leaseLost }
  }

  /// Whether the lease still lives by our clock: what etcd's clients learn from the end of their session. The lease is
  /// kept alive beside the work.
  public mutating func renew(_ key: Int32, _ attempt: inout Attempt) async throws(AttemptFailure) {
    if held.contains(key), !session.isOver { return }
    attempt.count(.expiredHolds)
    throw .leaseLost
  }

  // MARK: release

  /// Deletes the key.
  public mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    guard held.contains(key) else { return }
    if try await !delete(key, attempt) { attempt.count(.expiredHolds) }
  }

  /// Returns false when the key was gone already.
  @discardableResult
  private mutating func delete(_ key: Int32, _ attempt: Attempt) async throws(AttemptFailure) -> Bool {
    let answer = try await session.perform(DeleteRequest(keys: .one(ownKey(key))), attempt)
    held.removeAll { $0 == key }
    return answer.count > 0
  }

  // MARK: session

  /// Connects again, with another lease if keys may still be there: between attempts nothing is held on purpose.
  public mutating func reopen() async throws(SetupFailure) {
    try await session.reopen(replacingLease: !held.isEmpty)
    held = []
  }

  /// Ends the session, which removes its keys.
  public consuming func close() async { await session.close() }
}
#endif
