public import Model

/// A lock that ends by itself unless it is renewed, and that may so be held over many operations.
public protocol LeaseClient: LockClient, ~Copyable {
  /// Makes the lock of a record last as long as if it had just been granted.
  ///
  /// - Throws: ``AttemptFailure/leaseLost`` when it is no longer ours; then it is not held.
  mutating func renew(_ key: Int32, _ attempt: inout Attempt) async throws(AttemptFailure)
}

/// A term of office: a lease that is taken once and renewed before every operation, around a strategy.
///
/// Who holds the lease of an operation's records keeps it until the session closes; the others wait or give up, as the
/// lock has it. A lease that was lost is taken again with the next attempt. Holds one lease at a time: when the next
/// operation needs another, the one before is given back.
public struct UnderLease<Lease: LeaseClient & ~Copyable, Inner: Strategy & ~Copyable>: Strategy, ~Copyable {
  private var lease: Lease
  private var inner: Inner
  private var held: Int32?

  /// The configurations of both parts.
  public struct Configuration: Sendable {
    let lease: Lease.Configuration
    let inner: Inner.Configuration
  }

  /// Configures both parts.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(lease: try Lease.configure(environment), inner: try Inner.configure(environment))
  }

  /// Opens both parts.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> UnderLease<Lease, Inner> {
    let lease = try await Lease.open(configuration.lease, worker)
    let inner = try await Inner.open(configuration.inner, worker)
    return UnderLease(lease: lease, inner: inner)
  }

  private init(lease: consuming Lease, inner: consuming Inner) {
    self.lease = lease
    self.inner = inner
  }

  /// Renews or takes the lease, then tries the operation.
  public mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let key = attempt.operation[0].lock
    do throws(AttemptFailure) {
      if let other = held, other != key {
        held = nil
        try await lease.release(other, shared: false, &attempt)
      }
      if held == key {
        try await lease.renew(key, &attempt)
      } else {
        try await lease.acquire(key, shared: false, &attempt)
      }
      held = key
    } catch {
      held = nil
      throw error == .ambiguous ? .connectionLost : error
    }
    return try await inner.perform(&attempt)
  }

  /// Replaces the sessions of both parts. What was held is given back by the lease's own reopening.
  public mutating func reopen() async throws(SetupFailure) {
    held = nil
    try await lease.reopen()
    try await inner.reopen()
  }

  /// Closes both parts; the lease ends by itself.
  public consuming func close() async {
    await lease.close()
    await inner.close()
  }
}
