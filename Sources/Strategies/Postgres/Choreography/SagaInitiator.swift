internal import Model
internal import Runtime

/// The part of a worker in its sagas: it does the first step at the service where that lies, and waits there for the end.
final class SagaInitiator<Transport: MessageTransport & ~Copyable> {
  private let configuration: ChoreographyConfiguration
  private let worker: WorkerContext
  private var participants: [SagaParticipant] = []
  private var transport: Transport
  private var isBroken = false
  private var script: SagaScript
  private var message = Message()
  private var random: RandomSource
  /// Sagas that have changed what was read.
  private var changers: [Int64] = []

  /// How often it looks itself whether a saga has ended, in nanoseconds: a notification may get lost with its connection.
  private static var interval: Int64 { 200_000_000 }

  /// How long it waits at most when the trial is over, in nanoseconds.
  private static var patience: Int64 { 3_000_000_000 }

  init(_ configuration: ChoreographyConfiguration, _ transport: consuming Transport, _ worker: WorkerContext) {
    self.configuration = configuration
    self.worker = worker
    self.transport = transport
    script = SagaScript(configuration.sharding, isInOrderOfDatabases: false)
    random = worker.random
  }

  func connect() async throws(SetupFailure) {
    for plan in configuration.plans {
      participants.append(
        try await SagaParticipant(
          plan.listening(to: "saga_\(worker.index)"), worker, undo: SagaStatements.undo, hasSemanticLock: false))
    }
  }

  /// Connects again, where a connection was lost.
  func mend() async throws(SetupFailure) {
    for participant in participants {
      do throws(AttemptFailure) { try await participant.mend() } catch {
        throw SetupFailure(participant.errorText ?? "PostgreSQL cannot be reached")
      }
    }
    if isBroken { try await transport.reopen() }
    isBroken = false
  }

  func close() async { await transport.close() }

  /// The text of an unexpected error.
  var errorText: String? { participants.lazy.compactMap(\.errorText).first ?? transport.errorText }

  // MARK: operations

  func read(_ attempt: Attempt) async throws(AttemptFailure) {
    script.set(attempt.operation)
    try await script.readAll(participants, holding: participants, &changers, attempt)
  }

  /// Does the first step, and waits for the end of the saga. What is in one database alone has ended with that.
  func begin(_ saga: SagaIdentity, _ attempt: Attempt) async throws(AttemptFailure) -> AttemptResult {
    script.set(attempt.operation)
    let isOne = script.groups.count == 1
    let failureRate = configuration.settings.failureRate
    if !script.isRetriable && failureRate > 0 && random.fraction() < failureRate { return .refused }
    let first = participants[script.groups[0].database]
    let start = monotonicNow()
    let task = SagaParticipant.Task(
      saga: saga, event: SagaEvent(.act, 0), begin: configuration.begin, values: attempt.values)
    let answer = try await first.begin(
      task, script, &message, hold: { await attempt.hold() },
      beforeCommit: { if !isOne { worker.points.reach(ChoreographyPoint.beforeOutbox.rawValue) } })
    guard answer == .done else { return .refused }
    let committed = monotonicNow()
    worker.stages.record(ChoreographyStage.step.rawValue, nanoseconds: committed &- start)
    if isOne { return .committed }
    worker.points.reach(ChoreographyPoint.beforePublish.rawValue)
    await publish(from: first, since: committed)
    return try await waitForEnd(of: saga, at: first, attempt.values)
  }

  /// What cannot be published or removed now, an instance of the service publishes later.
  private func publish(from first: SagaParticipant, since committed: Int64) async {
    do throws(AttemptFailure) {
      if isBroken {
        do throws(SetupFailure) { try await transport.reopen() } catch { return }
        isBroken = false
      }
      try await transport.publish(message, to: script.groups[1].database)
    } catch {
      isBroken = error.breaksSession
      return
    }
    worker.stages.record(ChoreographyStage.publish.rawValue, nanoseconds: monotonicNow() &- committed)
    try? await first.tidy(published: message, ended: nil)
  }

  /// - Throws: ``AttemptFailure/ambiguous`` when it hears of no end in time.
  private func waitForEnd(
    of saga: SagaIdentity, at first: SagaParticipant, _ values: UnsafeMutablePointer<Int64>
  ) async throws(AttemptFailure) -> AttemptResult {
    let limit = monotonicNow() &+ configuration.settings.endTimeout.nanoseconds
    while monotonicNow() < limit && !worker.events.isOver(since: Self.patience) {
      do throws(AttemptFailure) {
        try await first.waitForNotification(until: min(limit, monotonicNow() &+ Self.interval), worker.loop)
        switch try await first.state(of: saga, script, values) {
        case .finished: return .committed
        case .compensated: return .refused
        // Somebody has to look at it.
        case .stuck: throw .ambiguous
        case .running, .compensating, nil: continue
        }
      } catch {
        if error == .ambiguous { throw error }
        await worker.loop.sleep(nanoseconds: 20_000_000)
      }
    }
    throw .ambiguous
  }
}
