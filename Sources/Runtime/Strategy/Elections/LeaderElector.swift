internal import Model

/// Elects a leader as `leaderelection` of client-go does, over any ``LeaseRecords``. Used on the thread of its loop only.
///
/// No clock of another is believed: a candidate takes over when it has not seen the record change for as long as the
/// record says. The leader renews in a task beside its work; it stops to lead when it could not do so for the renew
/// deadline. Whatever its renewals find out, even that another leads by now: client-go tries on until the deadline, and
/// so does this.
///
/// Source: `k8s.io/client-go/tools/leaderelection/leaderelection.go`, `tryAcquireOrRenew`, `acquire`, `renew`, `release`.
final class LeaderElector<Records: LeaseRecords & ~Copyable>: @unchecked Sendable {
  // because it is used on the thread of its loop only
  private var records: Records
  private let times: LeaseTimes
  private let loop: EventLoop
  private let worker: Int
  /// No two incarnations have the same: the transitions do not count what one holder takes again. Who has resigned is
  /// another one, as a process is that was started again.
  private var identity: Int64
  private var key: Int32 = -1
  private var observed: LeaseRecord?
  /// When the record was last seen to change, by our clock.
  private var observedAt: Int64 = 0
  /// Whether the term has begun, and its renewals have not given up.
  private var holdsOffice = false
  /// When we stop to lead unless a renewal that is under way has succeeded by then; that of client-go is cancelled.
  private var deadline: Int64 = .max
  private var isRenewing = false
  private var isEnding = false
  private let wake: Readiness
  private let ended: Readiness

  init(_ records: consuming Records, _ times: LeaseTimes, _ worker: WorkerContext) {
    self.records = records
    self.times = times
    loop = worker.loop
    self.worker = worker.index
    identity = Self.makeIdentity(of: worker.index)
    wake = worker.loop.makeSignal()
    ended = worker.loop.makeSignal()
  }

  private static func makeIdentity(of worker: Int) -> Int64 {
    (monotonicNow() / 1000) << 12 | Int64(worker & 0xFFF) | 1 << 62
  }

  /// Whether we believe to lead.
  var isLeading: Bool { holdsOffice && monotonicNow() < deadline }

  /// The number of our term, when we lead: greater than that of any other holder before.
  var term: Int64 { (observed?.transitions ?? 0) &+ 1 }

  // MARK: one try

  /// Returns whether the lease is ours now.
  private func tryAcquireOrRenew() async throws(AttemptFailure) -> Bool {
    let now = monotonicNow()
    if let known = observed, known.holder == identity, observedAt &+ known.duration > now, try await put(known) {
      return true
    }
    guard let found = try await records.get(key) else {
      var first = LeaseRecord(holder: identity, duration: times.lease, transitions: 0)
      guard let version = try await records.create(key, first) else { return false }
      first.version = version
      observe(first)
      return true
    }
    if found != observed { observe(found) }
    if found.holder != 0, found.holder != identity, observedAt &+ found.duration > now { return false }
    var ours = LeaseRecord(
      holder: identity, duration: times.lease, transitions: found.transitions, version: found.version)
    if found.holder != identity { ours.transitions &+= 1 }
    return try await put(ours)
  }

  private func put(_ record: LeaseRecord) async throws(AttemptFailure) -> Bool {
    guard let version = try await records.update(key, record) else { return false }
    var stored = record
    stored.version = version
    observe(stored)
    return true
  }

  private func observe(_ record: LeaseRecord) {
    observed = record
    observedAt = monotonicNow()
  }

  // MARK: candidate

  /// Waits for the office, and begins to renew it.
  ///
  /// - Parameter timeout: nanoseconds after which the attempt fails.
  func acquire(_ key: Int32, timeout: Int64, _ attempt: inout Attempt) async throws(AttemptFailure) {
    await stop()
    if key != self.key { observed = nil }
    self.key = key
    let end = monotonicNow() &+ timeout
    while try await !tryAcquireOrRenew() {
      attempt.count(.polls)
      let pause = Double(times.retryPeriod) * (1 + LeaseTimes.jitter * attempt.random.fraction())
      try await attempt.waitAsCandidate(Int64(pause), until: end)
    }
    deadline = .max
    holdsOffice = true
    isRenewing = true
    loop.start { await self.renewWhileLeading() }
  }

  // MARK: leader

  private func renewWhileLeading() async {
    while !isEnding, await renewWithinDeadline() { await pause(times.retryPeriod) }
    if !isEnding { identity = Self.makeIdentity(of: worker) }
    holdsOffice = false
    isRenewing = false
    ended.signal()
  }

  /// Returns whether the lease was renewed in time.
  private func renewWithinDeadline() async -> Bool {
    deadline = monotonicNow() &+ times.renewDeadline
    while !isEnding {
      do throws(AttemptFailure) {
        if try await tryAcquireOrRenew(), monotonicNow() < deadline {
          deadline = .max
          return true
        }
      } catch {
        // What cannot be renewed now may be later; a connection that cannot be had again fails at the next try, too.
        if error.breaksSession { try? await records.reopen() }
      }
      let now = monotonicNow()
      if now >= deadline { return false }
      await pause(min(times.retryPeriod, deadline &- now))
    }
    return false
  }

  private func pause(_ nanoseconds: Int64) async {
    if !isEnding { _ = await loop.wait(for: wake, until: monotonicNow() &+ nanoseconds) }
  }

  // MARK: the end of a term

  /// Ends the renewals.
  private func stop() async {
    isEnding = true
    wake.signal()
    while isRenewing { _ = await loop.wait(for: ended, until: monotonicNow() &+ 50_000_000) }
    isEnding = false
    holdsOffice = false
  }

  /// Ends the term.
  ///
  /// - Parameter releases: whether the office is given back; otherwise the lease runs out.
  /// - Returns: false when the lease was another's already.
  func resign(releasing releases: Bool) async throws(AttemptFailure) -> Bool {
    await stop()
    defer { identity = Self.makeIdentity(of: worker) }
    guard releases, var record = observed, record.holder == identity else { return observed?.holder == identity }
    record.holder = 0
    return try await put(record)
  }

  /// Connects again, as nobody's leader.
  func reopen() async throws(SetupFailure) {
    await stop()
    try await records.reopen()
  }

  /// Ends the term and the session.
  func close(releasing releases: Bool) async {
    _ = try? await resign(releasing: releases)
    await records.end()
  }
}
