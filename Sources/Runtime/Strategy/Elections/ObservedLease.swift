public import Model

/// A lease that candidates observe, as Kubernetes elects leaders: ``LeaderElector`` as a lock.
public struct ObservedLease<Records: LeaseRecords & ~Copyable>: LeaseClient, FencingLockClient, ~Copyable {
  private let elector: LeaderElector<Records>
  private let releases: Bool
  private let timeout: Int64

  /// What all workers of a process share.
  public struct Configuration: Sendable {
    let records: Records.Configuration
    let times: LeaseTimes
    let releases: Bool
    let timeout: Int64
  }

  /// Takes the options.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      records: try Records.configure(environment), times: try LeaseTimes(environment.options),
      releases: environment.options.flag("release-on-cancel"),
      timeout: environment.options.duration("timeout").nanoseconds)
  }

  /// Opens a session with the records.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> ObservedLease<Records> {
    let records = try await Records.open(configuration.records, worker)
    return ObservedLease(
      elector: LeaderElector(records, configuration.times, worker), releases: configuration.releases,
      timeout: configuration.timeout)
  }

  private init(elector: LeaderElector<Records>, releases: Bool, timeout: Int64) {
    self.elector = elector
    self.releases = releases
    self.timeout = timeout
  }

  /// Waits until the lease is ours. It is never shared.
  public mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    try await elector.acquire(key, timeout: timeout, &attempt)
    attempt.granted(key, token: elector.term)
  }

  /// Whether we still believe to lead; asks nobody.
  public mutating func renew(_ key: Int32, _ attempt: inout Attempt) async throws(AttemptFailure) {
    if elector.isLeading { return }
    attempt.count(.expiredHolds)
    throw .leaseLost
  }

  /// Ends the term.
  public mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    if try await !elector.resign(releasing: releases) { attempt.count(.expiredHolds) }
  }

  /// Connects again.
  public mutating func reopen() async throws(SetupFailure) { try await elector.reopen() }

  /// Ends the term and the session.
  public consuming func close() async { await elector.close(releasing: releases) }
}
