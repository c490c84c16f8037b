internal import Model

/// The locks of one operation, each once, taken in the order of its steps and given back in reverse.
struct HeldLocks<Lock: LockClient & ~Copyable>: ~Copyable {
  private var lock: Lock
  /// A release has found the session of the lock broken: the next attempt must not begin on it.
  private var hasLostSession = false

  init(_ lock: consuming Lock) { self.lock = lock }

  /// Takes the locks of all steps; when one is not granted, none is held.
  mutating func acquireAll(shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    if hasLostSession {
      hasLostSession = false
      throw .connectionLost
    }
    var held = 0
    while held < attempt.operation.count {
      do throws(AttemptFailure) {
        if attempt.operation.takesLock(held) {
          try await lock.acquire(attempt.operation[held].lock, shared: shared, &attempt)
        }
      } catch {
        _ = await release(held, shared: shared, &attempt)
        throw error == .ambiguous ? .connectionLost : error
      }
      held &+= 1
    }
  }

  /// Gives all of them back.
  mutating func releaseAll(shared: Bool, _ attempt: inout Attempt) async {
    let failure = await release(attempt.operation.count, shared: shared, &attempt)
    if let failure, failure.breaksSession { hasLostSession = true }
  }

  /// Gives back the locks of the first `count` steps, last first; all are tried even if one fails.
  private mutating func release(_ count: Int, shared: Bool, _ attempt: inout Attempt) async -> AttemptFailure? {
    var index = count
    var failure: AttemptFailure?
    while index > 0 {
      index &-= 1
      guard attempt.operation.takesLock(index) else { continue }
      do throws(AttemptFailure) {
        try await lock.release(attempt.operation[index].lock, shared: shared, &attempt)
      } catch {
        failure = error
      }
    }
    return failure
  }

  mutating func reopen() async throws(SetupFailure) { try await lock.reopen() }

  consuming func close() async { await lock.close() }
}
