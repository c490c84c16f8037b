internal import Model
internal import Runtime

/// Renews the locks that the workers of one event loop hold, so that a lock lasts as long as its holder lives.
///
/// One timer for all of them, as in Redisson: every third of the lease, each lock that is held gets its whole lease
/// again, by a script that makes sure of the holder; the first renewal of a lock comes 0 to 1/3 of the lease after it was
/// taken. The requests go over a connection of their own, opened when first needed. A lock that is no longer ours is
/// left alone, and its holder is not told.
/// Source: Redisson, `renewal/LockTask`; Redis documentation, "Distributed locks with Redis", "Making the algorithm more
/// reliable: Extending the lock".
final class Watchdog: @unchecked Sendable {  // because it is used on the thread of its loop only
  private struct Entry {
    let key: Int32
    /// The bytes belong to the worker's ``LockHolds``, and stay there while the lock is held.
    let holder: UnsafeRawBufferPointer
  }

  private let configuration: RedisConfiguration
  private let worker: WorkerContext
  private let source: StaticString
  private let leaseMilliseconds: Int64
  private let wake: Readiness
  private var entries: [Entry] = []
  private var users = 0
  private var isRunning = false

  /// - Parameters:
  ///   - worker: the first one of the loop.
  ///   - source: a script of the key, the lease in milliseconds and the holder.
  init(
    _ configuration: RedisConfiguration, _ worker: WorkerContext, renewing source: StaticString,
    leaseMilliseconds: Int64
  ) {
    self.configuration = configuration
    self.worker = worker
    self.source = source
    self.leaseMilliseconds = leaseMilliseconds
    wake = worker.loop.makeSignal()
  }

  /// Begins to renew a lock.
  func add(_ key: Int32, _ holder: UnsafeRawBufferPointer) { entries.append(Entry(key: key, holder: holder)) }

  /// Stops renewing a lock; call before the holder's bytes are used for something else.
  func remove(_ key: Int32, _ holder: UnsafeRawBufferPointer) {
    let index = entries.lastIndex { $0.key == key && $0.holder.baseAddress == holder.baseAddress }
    guard let index else { return }
    entries.swapAt(index, entries.count - 1)
    entries.removeLast()
  }

  /// A worker's share in the watchdog, which runs as long as there is one.
  final class Share {
    let watchdog: Watchdog

    init(_ watchdog: Watchdog) {
      self.watchdog = watchdog
      watchdog.users += 1
      if watchdog.isRunning { return }
      watchdog.isRunning = true
      watchdog.worker.loop.start { await watchdog.run() }
    }

    deinit {
      watchdog.users -= 1
      watchdog.wake.signal()
    }
  }

  private func run() async {
    defer { isRunning = false }
    do throws(SetupFailure) {
      var connection = try RedisConnection(configuration, worker)
      let script = Script(source)
      var isOpen = false
      let interval = max(1, leaseMilliseconds * 1_000_000 / 3)
      var due = monotonicNow() &+ interval
      while users > 0 {
        if await worker.loop.wait(for: wake, until: due) { continue }
        due = max(due &+ interval, monotonicNow())
        if entries.isEmpty { continue }
        isOpen = await renew(&connection, script, isOpen: isOpen, within: interval)
      }
    } catch {
      // Without memory for a connection nothing is renewed: leases end as if there were no watchdog.
      entries = []
    }
  }

  /// Renews every lock; one that could not be renewed has its next chance at the next tick.
  ///
  /// - Returns: whether the session is in order.
  private func renew(
    _ connection: inout RedisConnection, _ script: borrowing Script, isOpen: Bool, within limit: Int64
  ) async -> Bool {
    do throws(SetupFailure) {
      if !isOpen {
        try await connection.open()
        try await script.load(&connection)
      }
    } catch { return false }
    let count = entries.count
    if count == 0 { return true }
    connection.request.clear()
    for entry in entries {
      script.append(to: &connection.request, words: 4, withSource: false)
      connection.request.append(1)
      connection.request.append(configuration.locks, entry.key)
      connection.request.append(leaseMilliseconds)
      connection.request.append(entry.holder)
    }
    connection.count(commands: count)
    do throws(RedisConnection.Loss) {
      try await connection.exchange(count, until: monotonicNow() &+ limit)
      return connection.replies.error == nil
    } catch {
      return false
    }
  }
}
