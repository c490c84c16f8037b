public import Model

/// A lock that ends by itself unless it is renewed, or that lasts as long as its session, and that may so be held over
/// many operations: a term of office.
///
/// It is given back when the client is closed, where the service allows it.
public protocol LeaseClient: LockClient, ~Copyable {
  /// Makes sure, as far as its library does, that the lock of a record is still ours; one that nothing else renews then
  /// lasts as long as if it had just been granted.
  ///
  /// - Throws: ``AttemptFailure/leaseLost`` when it is no longer ours; then it is not held.
  mutating func renew(_ key: Int32, _ attempt: inout Attempt) async throws(AttemptFailure)
}

/// A term of office: a lease that is taken once and looked after before every operation, around a strategy.
///
/// Every worker is a candidate. Who holds the lease of an operation's records keeps it until it has had as many effects as
/// a term may have, or until the session closes; the others wait or give up, as the lock has it. A lease that was lost is
/// taken again with the next attempt. Holds one lease at a time: when the next operation needs another, the one before is
/// given back.
///
/// What the leader believes is what its library believes: between a look at the lease and the effect there is time enough
/// to be paused and replaced. Only the store can refuse what comes then, by the number of the term (``Fence``); a leader
/// that was refused resigns, whatever its library believes.
public struct UnderLease<Lease: LeaseClient & ~Copyable, Inner: Strategy & ~Copyable>: Strategy, ~Copyable {
  private var lease: Lease
  private var inner: Inner
  private let settings: ElectionSettings
  private let stages: TermStages?
  private var term: Term?
  /// Until when the office is left to others.
  private var awayUntil: Int64 = 0
  /// Giving the office back has found the session broken: the next attempt must not begin on it.
  private var hasLostSession = false

  private struct Term {
    let key: Int32
    /// The fencing token; 0 where there is none.
    let token: Int64
    /// How long the candidate had waited.
    let candidacy: Int64
    /// When it began.
    let beginning: Int64
    var effects = 0
  }

  /// The configurations of both parts.
  public struct Configuration: Sendable {
    let lease: Lease.Configuration
    let inner: Inner.Configuration
    let election: ElectionSettings?
  }

  /// Configures both parts.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      lease: try Lease.configure(environment), inner: try Inner.configure(environment), election: environment.election)
  }

  /// Opens both parts.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> UnderLease<Lease, Inner> {
    let lease = try await Lease.open(configuration.lease, worker)
    let inner = try await Inner.open(configuration.inner, worker)
    return UnderLease(
      lease: lease, inner: inner, settings: configuration.election ?? ElectionSettings(),
      stages: configuration.election == nil ? nil : TermStages(worker))
  }

  private init(lease: consuming Lease, inner: consuming Inner, settings: ElectionSettings, stages: TermStages?) {
    self.lease = lease
    self.inner = inner
    self.settings = settings
    self.stages = stages
  }

  /// Takes the office or makes sure of it, then tries the operation.
  public mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      try await lead(&attempt)
    } catch {
      term = nil
      throw error == .ambiguous ? .connectionLost : error
    }
    do throws(AttemptFailure) {
      let result = try await inner.perform(&attempt)
      await noteEffect(&attempt)
      return result
    } catch {
      if error == .leaseLost { await resign(&attempt) }
      throw error
    }
  }

  private mutating func lead(_ attempt: inout Attempt) async throws(AttemptFailure) {
    if hasLostSession {
      hasLostSession = false
      throw .connectionLost
    }
    let key = attempt.operation[0].lock
    if let term, term.key != key {
      self.term = nil
      try await lease.release(term.key, shared: false, &attempt)
    }
    if let term {
      try await lease.renew(key, &attempt)
      if term.token != 0 { attempt.granted(key, token: term.token) }
      return
    }
    let pause = awayUntil &- monotonicNow()
    if pause > 0 { try await attempt.waitAsCandidate(pause, until: .max) }
    let asked = monotonicNow()
    try await lease.acquire(key, shared: false, &attempt)
    let now = monotonicNow()
    term = Term(key: key, token: attempt.token(0), candidacy: now &- asked, beginning: now)
  }

  /// The effect is in the store: what it says of the term, and whether the term is over.
  private mutating func noteEffect(_ attempt: inout Attempt) async {
    guard let stages, var term else { return }
    let now = monotonicNow()
    if term.effects == 0 { stages.begun(candidacy: term.candidacy, at: now) }
    stages.hadEffect(at: now)
    term.effects += 1
    self.term = term
    if settings.effects > 0, term.effects >= settings.effects {
      stages.givenBack(after: now &- term.beginning)
      await resign(&attempt)
      awayUntil = monotonicNow() &+ settings.away.nanoseconds
    }
  }

  /// Gives the office back. What was committed stays committed, whatever becomes of it.
  private mutating func resign(_ attempt: inout Attempt) async {
    guard let key = term?.key else { return }
    term = nil
    do throws(AttemptFailure) {
      try await lease.release(key, shared: false, &attempt)
    } catch {
      if error.breaksSession { hasLostSession = true }
    }
  }

  /// Replaces the sessions of both parts. What was held is given back by the lease's own reopening.
  public mutating func reopen() async throws(SetupFailure) {
    term = nil
    try await lease.reopen()
    try await inner.reopen()
  }

  /// Closes both parts, which gives the office back.
  public consuming func close() async {
    await lease.close()
    await inner.close()
  }
}
