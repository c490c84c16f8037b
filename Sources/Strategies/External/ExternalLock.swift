public import Model
public import Runtime

/// `external.lock`: a program of the user's is the lock; contend reads, holds and writes.
public struct ExternalLock: FencingLockClient, ~Copyable {
  static let documentation = Documentation(
    introduction: """
      a program of yours is the lock: it takes a library's lock when it is asked to, and gives it back. contend reads,
      decides, holds and writes.

      A scenario names it with `external: PROGRAM, as: lock`. The page ExternalClients of the documentation has the
      protocol, `contend adapter check PROGRAM` tries whether a program speaks it, and `contend adapter run exclusive` is
      one that is built in.
      """,
    algorithm: """
      each worker starts the program (or, with `programs: per-process`, all workers of a process one), and greets it.
      For each record of an operation, in the order of the steps: `acquire`, and wait for `granted`. Then read, decide,
      hold, write, as around any lock. Then `release`, last record first. Requests and replies are lines of JSON on the
      program's descriptors 3 and 4.

      A pause or a kill of a worker process meets its programs, too: they are in its process group.
      """,
    guarantees: """
      those of the program; contend watches whether it keeps them. A section that is counted as entered lies within the
      time for which the program believed to hold the lock, so an overlap that is found is one.
      """,
    doesNotGuarantee: """
      anything that the library does not. What a program prints, however it dies, and how long it stays silent cannot
      harm the run: it fails the trial with a sentence and the last lines of its output.
      """,
    failureWindow: """
      that of the library. An answer `lost` to `release` says that the program knew; without one, only what was lost shows
      it.
      """,
    roundTrips: """
      those of the store, and one over two pipes to give the lock back (5 to 20 us; `floor.external` measures it), with
      what the library does for it.
      """,
    source: "the page ExternalClients; Maelstrom's protocol and Jepsen's clients are related.")

  private let session: AdapterSession

  /// Reads options and addresses.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> AdapterPlan {
    try AdapterPlan(environment, role: .lock)
  }

  /// Starts the program, or finds it running.
  public static func open(_ plan: AdapterPlan, _ worker: WorkerContext) async throws(SetupFailure) -> ExternalLock {
    ExternalLock(session: try await AdapterSession(plan, worker))
  }

  /// Asks for the lock.
  public mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    let plan = session.adapter.plan
    let (worker, wait, lease) = (session.worker, plan.waitMilliseconds, plan.leaseMilliseconds)
    switch await session.ask(
      .acquire, { $0.append(lock: key, worker: worker, shared: shared, wait: wait, lease: lease) })
    {
    case .unsent: throw .connectionLost
    // Nobody knows whether it has it; whatever it has is as good as that of any other dead holder.
    case .lost: throw .notAcquired
    case .reply: break
    }
    let reply = session.call.reply
    guard reply.kind == .granted else { throw session.failure(attempt) }
    if let token = reply.token {
      attempt.granted(key, token: token)
    } else if plan.needsTokens {
      session.adapter.misbehaved("has granted a lock without a token, although its hello promises them")
      throw .connectionLost
    }
  }

  /// Gives it back. What the program has lost meanwhile is counted; what it cannot tell makes the session a new one.
  public mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    let worker = session.worker
    let answer = await session.ask(.release) { writer in
      writer.append(worker: worker)
      writer.append(#","key":"#)
      writer.append(Int64(key))
    }
    guard case .reply = answer else { throw .connectionLost }
    switch session.call.reply.kind {
    case .released: return
    case .lost: attempt.count(.expiredHolds)
    default: throw session.failure(attempt)
    }
  }

  /// Has the program open what the worker needs once more.
  public mutating func reopen() async throws(SetupFailure) { try await session.reopen() }

  /// Ends the program, if nobody else uses it.
  public consuming func close() async { await session.close() }
}

extension ExternalLock {
  /// What it is over a store.
  static func descriptor(over store: String) -> StrategyDescriptor {
    var descriptor = StrategyDescriptor(
      id: "external.lock", summary: "a program of yours is the lock; contend does the rest",
      documentation: documentation,
      store: store, stores: [store], options: AdapterOptions.all, scope: .network, threading: .shared,
      returnsValues: store != "memory", roundTripsUnderLock: store == "memory" ? 1 : 3)
    descriptor.takesProgram = true
    return descriptor
  }
}

/// What a scenario states of a program besides its name.
enum AdapterOptions {
  static let all = [
    OptionSpecification(
      "ttl", .duration(.milliseconds(1)...(.seconds(3600))), default: .duration(.seconds(30)),
      "How long a lock lasts if nobody renews it; the program is told."),
    OptionSpecification(
      "wait", .duration(.zero...(.seconds(3600))), default: .duration(.seconds(10)),
      "How long a lock is waited for before the attempt fails as not-acquired; the program is told."),
    OptionSpecification(
      "programs", .word(["per-worker", "per-process"]), default: .word("per-worker"),
      "Whether each worker has a program of its own, or all workers of a thread of a process share one."),
  ]
}
