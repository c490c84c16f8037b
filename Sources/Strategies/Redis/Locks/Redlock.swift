internal import Model
internal import Runtime

/// `redis.redlock`: a lock on the majority of five independent Redis servers (the service `redlock`).
struct Redlock: LockClient, ~Copyable {
  static let documentation = Documentation(
    introduction: "a lock on the majority of five independent Redis servers (the service `redlock`).",
    algorithm: """
      `SET key token NX PX ttl` on every server, with a short limit for each answer. The lock is ours when more than
      half of the servers have set the key and, by our clock, time is left: `ttl` less what the round took, less 1 % of
      `ttl` for the drift of clocks. Otherwise the release script runs on all servers, also on those that did not
      answer, and after a random delay the round is repeated with a new token. To release, the script runs on all
      servers.

          if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end

      `preset` takes the other figures from a library:

      | | `redsync` | `redlock-py` |
      |---|---|---|
      | rounds | 32 | 3 |
      | delay between them | 50 to 250 ms | 200 ms |
      | servers are asked | all at once | one after the other |
      | limit for an answer | 5 % of `ttl` | `ttl` |
      | allowance for drift | 1 % of `ttl` | 1 % of `ttl` and 2 ms |
      | a server is down | is a vote against | the attempt fails with an error, and the lock stays where it was \
      granted |
      """,
    guarantees: """
      one holder at a time while a majority of the servers runs, keeps its data, and the clocks advance alike, as long
      as nobody holds longer than `ttl`. Up to two of five servers may be down.
      """,
    doesNotGuarantee: """
      mutual exclusion beyond `ttl`, or when servers restart without what they had granted. There is no fencing token:
      each server could only count its own grants, and no number of a majority is sure to rise. Progress under contention: votes are split, and all wait.
      """,
    failureWindow: """
      from the expiry until the holder notices. The holder of a majority whose release is lost blocks others for the
      rest of `ttl`.
      """,
    roundTrips: "those of the store (over Redis: 1 to read, 1 to write) and 1, to all servers, to release.",
    source: """
      Redis documentation, "Distributed locks with Redis"; redsync, `mutex.go`; redlock-py, `redlock/__init__.py`;
      Kleppmann 2016, "How to do distributed locking".
      """)

  private let nodes: [RedlockNode]
  private let settings: Settings
  private var holds: LockHolds
  private let loop: EventLoop

  /// What all workers of a process share.
  struct Configuration: Sendable {
    let nodes: [RedisConfiguration]
    let settings: Settings
  }

  /// The options, with what the preset says.
  struct Settings: Sendable {
    let ttlMilliseconds: Int64
    let rounds: Int
    /// Nanoseconds between two rounds.
    let delay: ClosedRange<Int64>
    let asksAllAtOnce: Bool
    let answerLimit: Int64
    let drift: Int64
    let failsOnAnyError: Bool

    init(_ options: Options) {
      ttlMilliseconds = LockOptions.milliseconds("ttl", options)
      let ttl = ttlMilliseconds * 1_000_000
      let isPython = options.word("preset") == "redlock-py"
      rounds = isPython ? 3 : 32
      delay = isPython ? 200_000_000...200_000_000 : 50_000_000...249_999_999
      asksAllAtOnce = !isPython
      answerLimit = isPython ? ttl : ttl / 20
      drift = ttl / 100 + (isPython ? 2_000_000 : 0)
      failsOnAnyError = isPython
    }
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    var nodes: [RedisConfiguration] = []
    for url in try environment.endpoint("redlock").split(separator: ",") {
      nodes.append(try RedisConfiguration(url: String(url), namespace: environment.namespace))
    }
    return Configuration(nodes: nodes, settings: Settings(environment.options))
  }

  /// Connects to all servers: each of them must be there when a trial begins.
  static func open(_ configuration: Configuration, _ worker: WorkerContext) async throws(SetupFailure) -> Redlock {
    var nodes: [RedlockNode] = []
    for node in configuration.nodes { nodes.append(RedlockNode(try RedisConnection(node, worker))) }
    for node in nodes { try await node.open() }
    return Redlock(
      nodes: nodes, settings: configuration.settings, holds: LockHolds(worker.random), loop: worker.loop)
  }

  private var quorum: Int { nodes.count / 2 + 1 }

  /// Asks for a majority, round after round.
  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    var round = 1
    while true {
      let hold = holds.add(key)
      let (votes, errors, validity) = await ask(hold)
      if settings.failsOnAnyError && errors > 0 {
        holds.remove(hold)
        attempt.note(error: "\(errors) of \(nodes.count) servers did not answer, which redlock-py takes for an error")
        throw .error
      }
      if votes >= quorum && validity > 0 { return }
      attempt.count(.polls)
      _ = await giveBack(hold)
      holds.remove(hold)
      if round == settings.rounds { throw .notAcquired }
      round += 1
      let spread = UInt64(settings.delay.upperBound - settings.delay.lowerBound)
      await attempt.sleep(nanoseconds: settings.delay.lowerBound + Int64(attempt.random.below(spread + 1)))
    }
  }

  /// One round: how many servers granted the lock, how many did not answer, and for how long it is certain.
  private func ask(_ hold: Int) async -> (votes: Int, errors: Int, validity: Int64) {
    let begin = monotonicNow()
    var votes = 0
    var errors = 0
    if settings.asksAllAtOnce {
      // A server that must be connected to first, and may not answer, holds up none of the others.
      for node in nodes where node.isConnected { await request(node, hold, since: begin) }
      for node in nodes where !node.isConnected { await request(node, hold, since: begin) }
    }
    for node in nodes {
      if !settings.asksAllAtOnce { await request(node, hold, since: begin) }
      switch await node.answer(until: monotonicNow() &+ settings.answerLimit) {
      case .status: votes += 1
      case nil: errors += 1
      default: break
      }
    }
    let elapsed = monotonicNow() &- begin
    return (votes, errors, settings.ttlMilliseconds &* 1_000_000 &- elapsed &- settings.drift)
  }

  private func request(_ node: RedlockNode, _ hold: Int, since begin: Int64) async {
    await node.reconnect(until: begin &+ settings.answerLimit)
    node.send(holds.key(hold)) { request, locks, key in
      request.command(words: 6)
      request.append("SET")
      request.append(locks, key)
      request.append(holds.token(hold))
      request.append("NX")
      request.append("PX")
      request.append(settings.ttlMilliseconds)
    }
  }

  /// Runs the release script on all servers; returns on how many the lock was still ours.
  private func giveBack(_ hold: Int) async -> Int {
    let deadline = monotonicNow() &+ settings.answerLimit
    let lost = nodes.filter { !$0.isConnected }
    for node in nodes where node.isConnected { requestRelease(node, hold) }
    var released = 0
    for node in nodes where await node.answer(until: deadline) == .integer && node.number == 1 { released += 1 }
    // What can be said at once was said and heard before anybody waits for a connection.
    for node in lost {
      await node.reconnect(until: deadline)
      requestRelease(node, hold)
      if await node.answer(until: deadline) == .integer && node.number == 1 { released += 1 }
    }
    return released
  }

  private func requestRelease(_ node: RedlockNode, _ hold: Int) {
    node.send(holds.key(hold)) { request, locks, key in
      request.command(words: 5)
      request.append("EVAL")
      request.append(RedisLock.releaseScript)
      request.append(1)
      request.append(locks, key)
      request.append(holds.token(hold))
    }
  }

  /// Gives the lock back on all servers. Less than a majority of them had it when it had expired.
  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    guard let hold = holds.find(key) else { return }
    if await giveBack(hold) < quorum { attempt.count(.expiredHolds) }
    holds.remove(hold)
  }

  /// Connects to the servers that were lost; the lock works while there is a majority.
  mutating func reopen() async throws(SetupFailure) {
    for node in nodes { await node.reconnect(until: monotonicNow() &+ settings.answerLimit) }
  }

  consuming func close() async {}

  /// What it is over one of the stores that it composes with.
  static func descriptor(over store: String) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "redis.redlock", aliases: ["redlock"], summary: "Redlock: a majority of five independent servers",
      documentation: documentation, needs: ["redlock"], store: store, stores: [store],
      options: [
        OptionSpecification(
          "preset", .word(["redsync", "redlock-py"]), default: .word("redsync"),
          "The library whose rounds, delays, limits and treatment of errors are taken."),
        OptionSpecification(
          "ttl", .duration(.milliseconds(20)...(.seconds(3600))), default: .duration(.seconds(8)),
          "How long the lock lasts if nobody releases it; redsync's default, redlock-py has none."),
      ], scope: .network, threading: .shared, returnsValues: true, roundTripsUnderLock: store == "memory" ? 1 : 3)
  }
}
