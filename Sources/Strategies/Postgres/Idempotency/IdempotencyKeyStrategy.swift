internal import Model
internal import Runtime

/// `postgres.idempotency-key`: the service claims the key of a request before it works, and stores the response together
/// with the effect.
struct IdempotencyKeyStrategy: DeliveryClient, ~Copyable {
  static let documentation = Documentation(
    introduction: """
      the service claims the key of a request before it works, and stores the response together with the effect.

      So payment providers do it: a client that got no answer sends its request again with the same key, as often as it
      likes, and is charged once.
      """,
    algorithm: """
      claim: `INSERT INTO idempotency_keys ... ON CONFLICT DO NOTHING RETURNING`, a short transaction of its own. A row
      came back: the key is ours, under an owner that no other claim has. None: look at the row. Another request under
      the same key (its hash differs) is refused (422). A finished one is answered with the stored response. One that is
      pending is turned away (409), or waited for (`duplicate: wait`), unless its claim is older than `lock-timeout`: then
      it is taken over, by an `UPDATE` whose condition lets one of several win.

      Work and finish, one transaction: charge the account, note the charge, `UPDATE idempotency_keys SET response = ...
      WHERE ... AND owner = $mine AND response IS NULL`; no row means that somebody took the key over, and all is rolled
      back; `COMMIT`. The hold time is spent between charge and finish. An attempt that fails withdraws its claim.

      A client whose answer was lost opens a new session, which first withdraws what the lost one had claimed (and waits
      for its transaction, if that still runs), and sends the request again, seven times at most; only if none of them is
      answered is the outcome unknown. One that was turned away asks again, too, after 1 ms, 2 ms, 4 ms and so on. What the services of a killed process have left pending is finished after the
      trial, as a completer does.
      """,
    guarantees: """
      one effect for every key, whoever dies when, and the same response to every delivery that is answered. A late
      service finishes nothing that was taken over. A lost answer is no unknown outcome any more.
      """,
    doesNotGuarantee: """
      anything for requests without a key, or of a client that takes a new key for its second try. Effects outside of
      this database. Keys are kept for the whole trial; a service that deletes old ones charges whoever comes later again.
      """,
    failureWindow: """
      none for the effect. A process that dies keeps its keys until somebody comes after `lock-timeout`, or a completer.
      """,
    roundTrips: """
      2 (finish, commit) while the account is locked, and the hold time. Without rivals 5 and 2 commits: claim, begin,
      charge, finish, commit. A duplicate: 2.
      """,
    source: """
      Stripe API reference, "Idempotent requests"; IETF draft "The Idempotency-Key HTTP Header Field"; Brandur Leach,
      "Implementing Stripe-like idempotency keys in Postgres" (2017).
      """)

  static let descriptor = StrategyDescriptor.payment(
    "idempotency-key", "claim the key, store the response with the effect, replay it to duplicates", documentation,
    options: [
      OptionSpecification(
        "duplicate", .word(["reject", "wait"]), default: .word("reject"),
        "What happens to a request whose key is being worked on: turned away (409), or kept until there is a response."),
      OptionSpecification(
        "lock-timeout", .duration(.milliseconds(10) ... .seconds(3600)), default: .duration(.seconds(90)),
        "Age at which the claim of a service that is gone may be taken over."),
    ], roundTripsUnderLock: 2, stages: ["claim", "work", "finish"])

  static var canResend: Bool { true }
  private var session: Session
  private let configuration: Configuration
  private let stages: StageRecorder
  private var nextOwner: Int64
  /// The last claim that may be in the table.
  private var claimed: KeyClaim?

  struct Configuration: Sendable {
    let plan: SessionPlan
    let waits: Bool
    /// In milliseconds.
    let lockTimeout: Int64
  }

  private static let poll: Int64 = 1_000_000

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      plan: try SessionPlan(environment, [.begin, .charge, .commit, .rollback] + KeyClaim.statements),
      waits: environment.options.word("duplicate") == "wait",
      lockTimeout: environment.options.duration("lock-timeout").nanoseconds / 1_000_000)
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> IdempotencyKeyStrategy {
    IdempotencyKeyStrategy(
      session: try await Session(configuration.plan, worker), configuration: configuration, stages: worker.stages,
      // Every session begins elsewhere, so that no two claims have one owner.
      nextOwner: Int64.random(in: 0...(.max >> 1)))
  }

  private init(
    session: consuming Session, configuration: Configuration, stages: StageRecorder, nextOwner: Int64
  ) {
    self.session = session
    self.configuration = configuration
    self.stages = stages
    self.nextOwner = nextOwner
  }

  /// Replaces the connection, and gives up what the lost one had claimed.
  mutating func reopen() async throws(SetupFailure) {
    try await session.reopen()
    guard let lost = claimed else { return }
    do throws(AttemptFailure) { try await lost.withdraw(&session.connection) } catch {
      throw SetupFailure("PostgreSQL did not take back the claim of a lost session: \(session.connection.lastError)")
    }
    claimed = nil
  }

  consuming func close() async {}

  mutating func deliver(_ attempt: inout Attempt) async throws(AttemptFailure) -> DeliveryAnswer {
    nextOwner += 1
    let claim = KeyClaim(request: PaymentRequest(attempt), owner: nextOwner)
    do throws(AttemptFailure) {
      let began = monotonicNow()
      if let answer = try await take(claim, &attempt) { return answer }
      let claimedAt = monotonicNow()
      try await session.connection.run(.begin)
      let response = try await session.connection.charge(claim.request)
      let charged = monotonicNow()
      await attempt.hold()
      let finishing = monotonicNow()
      try await claim.finish(&session.connection, response: response)
      try await session.connection.commit()
      claimed = nil
      stages.record(0, nanoseconds: claimedAt - began)
      stages.record(1, nanoseconds: charged - claimedAt)
      stages.record(2, nanoseconds: monotonicNow() - finishing)
      return .done(response: response)
    } catch {
      throw await giveUp(error, attempt)
    }
  }

  /// Makes the key ours; the answer when there is one without any work.
  private mutating func take(
    _ claim: KeyClaim, _ attempt: inout Attempt
  ) async throws(AttemptFailure) -> DeliveryAnswer? {
    if try await takes(claim, over: false) { return nil }
    while true {
      switch try await claim.look(&session.connection, timeout: configuration.lockTimeout) {
      case .finished(let response): return .replay(response: response)
      case .different:
        attempt.note(
          error: "the idempotency key of a request was used before for another one (422): a client must not reuse keys")
        throw .error
      case .absent: if try await takes(claim, over: false) { return nil }
      case .pending(isFree: true): if try await takes(claim, over: true) { return nil }
      case .pending(isFree: false):
        guard configuration.waits else { return .turnedAway }
        attempt.count(.polls)
        await attempt.sleep(nanoseconds: Self.poll)
      }
    }
  }

  /// Whether the key became ours, as a new one or from somebody who is gone. A claim whose answer is lost may be there.
  private mutating func takes(_ claim: KeyClaim, over isOld: Bool) async throws(AttemptFailure) -> Bool {
    do throws(AttemptFailure) {
      let isOurs =
        isOld
        ? try await claim.takeOver(&session.connection, timeout: configuration.lockTimeout)
        : try await claim.insert(&session.connection)
      if isOurs { claimed = claim }
      return isOurs
    } catch {
      if error == .ambiguous { claimed = claim }
      throw error
    }
  }

  /// Ends a delivery that failed. A claim that cannot be withdrawn at once leaves open what becomes of the request: it is
  /// withdrawn when the session is back, or finished by somebody else.
  private mutating func giveUp(_ failure: AttemptFailure, _ attempt: Attempt) async -> AttemptFailure {
    var failure = await session.connection.abandon(failure, attempt)
    guard let claim = claimed else { return failure }
    if !failure.breaksSession {
      do throws(AttemptFailure) {
        try await claim.withdraw(&session.connection)
        claimed = nil
        return failure
      } catch { failure = error }
    }
    return failure == .connectionLost ? .ambiguous : failure
  }
}
