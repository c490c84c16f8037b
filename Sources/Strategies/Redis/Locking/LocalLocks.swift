internal import Model
internal import Runtime

/// The locks that a client library keeps inside its process in front of those on the server, for the workers of one event
/// loop: what only they contend for never reaches the server.
final class LocalLocks: @unchecked Sendable {  // because it is used on the thread of its loop only
  /// By which the server knows all of these workers.
  let registry: [UInt8]
  private let loop: EventLoop
  /// The waiters for each lock that is held, first come first.
  private var waiters: [Int32: [Readiness]] = [:]

  /// - Parameter worker: the first one of the loop.
  init(_ worker: WorkerContext) {
    loop = worker.loop
    var random = worker.random
    registry = (0..<32).map { _ in
      let digit = UInt8(truncatingIfNeeded: random.below(16))
      return digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
    }
  }

  /// One worker's part; gives back what it still holds when it goes.
  final class Member {
    let locks: LocalLocks
    private let signal: Readiness
    private var held: [Int32] = []

    init(_ locks: LocalLocks) {
      self.locks = locks
      signal = locks.loop.makeSignal()
    }

    deinit { for key in held { locks.pass(key) } }

    /// Waits for a lock, but not beyond a moment of ``monotonicNow()``.
    ///
    /// - Returns: whether it is ours now.
    func lock(_ key: Int32, until deadline: Int64) async -> Bool {
      if locks.waiters[key] == nil {
        locks.waiters[key] = []
      } else {
        locks.waiters[key]?.append(signal)
        guard await locks.loop.wait(for: signal, until: deadline) else {
          locks.waiters[key]?.removeAll { $0 === signal }
          return false
        }
      }
      held.append(key)
      return true
    }

    /// Gives a lock to the first who waits.
    func unlock(_ key: Int32) {
      held.removeAll { $0 == key }
      locks.pass(key)
    }

    /// The locks that are held.
    var first: Int32? { held.first }
  }

  private func pass(_ key: Int32) {
    if waiters[key]?.isEmpty ?? true { waiters[key] = nil } else { waiters[key]?.removeFirst().signal() }
  }
}
