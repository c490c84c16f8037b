@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// The two locks of `postgres.spring-lock`: one of the process, then the row. Blocks the thread of the worker.
struct SpringLockClient: LockClient, ~Copyable {
  private var rows: LockTableClient<SpringLockTable>
  private let local: LocalLocks?
  private let timeout: Int64

  typealias Configuration = LockTableClient<SpringLockTable>.Configuration

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    try LockTableClient<SpringLockTable>.configure(environment)
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> SpringLockClient {
    SpringLockClient(
      rows: try await LockTableClient<SpringLockTable>.open(configuration, worker), local: configuration.table.local,
      timeout: configuration.table.waiting.timeout)
  }

  private init(rows: consuming LockTableClient<SpringLockTable>, local: LocalLocks?, timeout: Int64) {
    self.rows = rows
    self.local = local
    self.timeout = timeout
  }

  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    if let local, !local.lock(key, nanoseconds: timeout) { throw .notAcquired }
    do throws(AttemptFailure) {
      try await rows.acquire(key, shared: shared, &attempt)
    } catch {
      local?.unlock(key)
      throw error
    }
  }

  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    defer { local?.unlock(key) }
    try await rows.release(key, shared: shared, &attempt)
  }

  mutating func reopen() async throws(SetupFailure) { try await rows.reopen() }
  consuming func close() async {}
}

/// A mutex per record for the threads of a process, never moved.
final class LocalLocks: @unchecked Sendable {  // because mutexes are made for sharing
  private let mutexes: UnsafeMutablePointer<pthread_mutex_t>
  private let count: Int

  init(count: Int) {
    self.count = count
    mutexes = .allocate(capacity: max(1, count))
    for index in 0..<count { pthread_mutex_init(mutexes + index, nil) }
  }

  deinit {
    for index in 0..<count { pthread_mutex_destroy(mutexes + index) }
    mutexes.deallocate()
  }

  /// Waits for a lock. Returns false when the time has passed.
  func lock(_ key: Int32, nanoseconds: Int64) -> Bool {
    if pthread_mutex_trylock(mutexes + Int(key)) == 0 { return true }
    var end = timespec()
    clock_gettime(CLOCK_REALTIME, &end)
    let sum = Int64(end.tv_nsec) + nanoseconds
    end.tv_sec += Int(sum / 1_000_000_000)
    end.tv_nsec = Int(sum % 1_000_000_000)
    return pthread_mutex_timedlock(mutexes + Int(key), &end) == 0
  }

  /// Gives a lock back, on the thread that took it.
  func unlock(_ key: Int32) { pthread_mutex_unlock(mutexes + Int(key)) }
}
