public import Model

/// A lock around an unprotected read, decision and write: any lock service over any store.
public typealias Locked<Lock: LockClient & ~Copyable, Store: StoreClient & ~Copyable> =
  Surrounded<Lock, Unprotected<Store>>

/// Reads, decides and writes without any protection: what a lock goes around.
public struct Unprotected<Store: StoreClient & ~Copyable>: Strategy, ~Copyable {
  private var store: Store

  /// Configures the store.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Store.Configuration {
    try Store.configure(environment)
  }

  /// Opens the store.
  public static func open(
    _ configuration: Store.Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> Unprotected<Store> {
    Unprotected(store: try await Store.open(configuration, worker))
  }

  /// Runs the operation; all of it is the critical section. A write that comes after that of a later holder is counted:
  /// sent, and taken. One function, for every `async` one that is called costs a frame of its own.
  public mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    attempt.enter()
    let entered = monotonicNow()
    var result = AttemptResult.committed
    var failure: AttemptFailure?
    do throws(AttemptFailure) {
      try await store.read(&attempt)
      await attempt.hold()
      switch attempt.decide() {
      case .refuse: result = .refused
      case .readOnly: break
      case .write:
        let isStale = attempt.isOvertaken(since: entered)
        if isStale { attempt.count(.staleEffectsAttempted) }
        do throws(AttemptFailure) {
          try await store.write(&attempt)
        } catch {
          // A fence has seen what the witness could not.
          if error == .leaseLost && !isStale { attempt.count(.staleEffectsAttempted) }
          throw error
        }
        if isStale { attempt.count(.staleEffectsAccepted) }
        attempt.noteEffect(since: entered)
      }
    } catch {
      failure = error
    }
    attempt.leave()
    if let failure { throw failure }
    return result
  }

  /// Replaces the session of the store.
  public mutating func reopen() async throws(SetupFailure) { try await store.reopen() }

  /// Closes the store.
  public consuming func close() async { await store.close() }
}
