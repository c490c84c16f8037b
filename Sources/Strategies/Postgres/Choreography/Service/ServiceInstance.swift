internal import Model
internal import Runtime

/// One instance of one service: a task beside a worker, on the same loop and with sessions of its own. It handles events
/// one after the other, and publishes what processes have left in the outbox that died before they did.
///
/// It keeps nothing that would be lost with it.
final class ServiceInstance<Transport: MessageTransport & ~Copyable>: @unchecked Sendable {
  // because it is used on the thread of its loop only
  let service: Int
  let participant: SagaParticipant
  let worker: WorkerContext
  private let configuration: ChoreographyConfiguration
  private var transport: Transport
  private var random: RandomSource
  private var script: SagaScript
  private var data: [Int64] = []
  private let values = UnsafeMutablePointer<Int64>.allocate(capacity: Operation.maximumSteps)
  /// The event in hand, and what it leads to.
  private var message = Message()
  private var next = Message()
  /// The transport was lost.
  private var isBroken = false
  private var lastLook: Int64 = 0
  /// When it last had something to do, and when it has to end, in ``monotonicNow()``.
  private var lastWork: Int64
  private var ending: Int64 = .max

  /// How often it looks for what was left, in nanoseconds.
  private static var interval: Int64 { 100_000_000 }
  /// How long it must have had nothing to do before it ends: others may still wait for it.
  private static var quiet: Int64 { 300_000_000 }

  init(
    _ configuration: ChoreographyConfiguration, _ transport: consuming Transport, service: Int, _ worker: WorkerContext
  ) async throws(SetupFailure) {
    self.configuration = configuration
    self.service = service
    self.worker = worker
    self.transport = transport
    participant = try await SagaParticipant(
      configuration.plans[service].listening(to: "inbox"), worker, undo: SagaStatements.undo, hasSemanticLock: false)
    random = worker.random
    script = SagaScript(configuration.sharding, isInOrderOfDatabases: false)
    lastWork = monotonicNow()
    data.reserveCapacity(SagaScript.largestData)
    values.initialize(repeating: 0, count: Operation.maximumSteps)
  }

  deinit { values.deallocate() }

  /// Begins to handle events.
  func start() {
    worker.loop.start {
      while !self.isOver { await self.turn(until: monotonicNow() &+ Self.interval) }
      await self.transport.close()
    }
  }

  /// Ends when nothing has come for a while.
  ///
  /// - Parameter limit: how long it may go on at most, in nanoseconds.
  func end(within limit: Int64) { ending = monotonicNow() &+ limit }

  private var isOver: Bool {
    guard ending < .max else { return false }
    let now = monotonicNow()
    return now > ending || now &- lastWork > Self.quiet
  }

  /// Whether it has to give up: nobody waits any longer.
  private var isLate: Bool { monotonicNow() > ending }

  /// Handles one event, if one comes until a moment of ``monotonicNow()``. Returns whether one came.
  @discardableResult
  func turn(until deadline: Int64) async -> Bool {
    do throws(AttemptFailure) {
      try await mendTransport()
      if monotonicNow() &- lastLook > Self.interval { try await relayLeft() }
      guard try await take(until: deadline) else { return false }
      lastWork = monotonicNow()
      return true
    } catch {
      if error.breaksSession { isBroken = true }
      await worker.loop.sleep(nanoseconds: 1_000_000 + Int64(random.below(20_000_000)))
      return false
    }
  }

  private func mendTransport() async throws(AttemptFailure) {
    guard isBroken else { return }
    do throws(SetupFailure) { try await transport.reopen() } catch { throw .connectionLost }
    worker.events.add(.reconnects)
    isBroken = false
  }

  /// Publishes what has been in the outbox for too long. Returns whether there was anything.
  @discardableResult
  func relayLeft() async throws(AttemptFailure) -> Bool {
    try await mendTransport()
    var count = 0
    while !isLate {
      let isMore = try await participant.relayOldest(&next) { message, service async throws(AttemptFailure) in
        try await self.transport.publish(message, to: service)
      }
      if !isMore { break }
      lastWork = monotonicNow()
      count += 1
    }
    lastLook = monotonicNow()
    return count > 0
  }

  // MARK: an event

  private func take(until deadline: Int64) async throws(AttemptFailure) -> Bool {
    switch Transport.acknowledging {
    case .afterEffect:
      guard try await transport.receive(&message, until: deadline) else { return false }
      if message.deliveries > 1 { worker.events.add(.redeliveries) }
      if try await handle(isClaimed: false) {
        try await transport.acknowledge()
      } else {
        try await transport.reject(message)
      }
    case .withEffect:
      guard try await participant.claim(&message) else {
        try await participant.waitForNotification(until: deadline, worker.loop)
        return false
      }
      if try await !handle(isClaimed: true) { try await participant.bury(message) }
    }
    return true
  }

  /// Handles the event in hand until it has taken effect. Returns false when it was tried often enough, and nothing of it
  /// is done.
  private func handle(isClaimed: Bool) async throws(AttemptFailure) -> Bool {
    guard let task = task(isClaimed: isClaimed) else { return false }
    worker.stages.record(ChoreographyStage.lag.rawValue, nanoseconds: max(0, monotonicNow() &- message.moment))
    worker.points.reach(ChoreographyPoint.beforeEffect.rawValue)
    if task.event.kind == .undo { worker.points.reach(ChoreographyPoint.beforeCompensation.rawValue) }
    if message.deliveries > Int64(configuration.settings.attempts) { return false }
    var failures = 0
    var hand = task
    while true {
      do throws(AttemptFailure) {
        if try await !effect(hand) { worker.events.add(.rejectedDuplicates) }
        break
      } catch {
        // In the inbox others can claim it now, and a service whose database is away can only wait.
        if isLate || (isClaimed && error.breaksSession) { throw error }
        if !error.breaksSession { failures += 1 }
        if error == .error || failures >= configuration.settings.attempts { return false }
      }
      await worker.loop.sleep(nanoseconds: 1_000_000 + Int64(random.below(20_000_000)))
      if isClaimed, try await !claimAgain(&hand) { return true }
    }
    if draws(configuration.settings.redeliveries) {
      worker.events.add(.redeliveries)
      hand.isClaimed = false
      if try await !effect(hand) { worker.events.add(.rejectedDuplicates) }
    }
    // Where messages lie in the inbox, that has come with the effect.
    worker.points.reach(ChoreographyPoint.beforeAcknowledgement.rawValue)
    return true
  }

  /// The next one that is claimed may be another.
  private func claimAgain(_ hand: inout SagaParticipant.Task) async throws(AttemptFailure) -> Bool {
    guard try await participant.claim(&message), let task = task(isClaimed: true) else { return false }
    hand = task
    return true
  }

  private func task(isClaimed: Bool) -> SagaParticipant.Task? {
    data.removeAll(keepingCapacity: true)
    data.append(contentsOf: message.data)
    guard let event = SagaEvent(stored: message.number), script.restore(data), event.step < script.groups.count,
      event.service(script) == service
    else { return nil }
    for (index, value) in message.values.enumerated() { values[index] = value }
    var task = SagaParticipant.Task(
      saga: SagaIdentity(stored: message.course), event: event, begin: configuration.begin, values: values)
    task.declines = !script.isRetriable && draws(configuration.settings.failureRate)
    task.isClaimed = isClaimed
    return task
  }

  /// Does what an event asks for, and publishes what it leads to. Returns whether it was new.
  private func effect(_ task: SagaParticipant.Task) async throws(AttemptFailure) -> Bool {
    let start = monotonicNow()
    let handled = try await participant.handle(task, script, &next) {
      self.worker.points.reach(ChoreographyPoint.beforeOutbox.rawValue)
    }
    let committed = monotonicNow()
    if handled.hasCompensated { worker.events.add(.compensations) }
    if handled.isNew { worker.stages.record(ChoreographyStage.step.rawValue, nanoseconds: committed &- start) }
    // What cannot be published or removed now, somebody publishes later.
    try? await announce(handled, task.saga, since: committed)
    return handled.isNew
  }

  private func announce(
    _ handled: SagaParticipant.Handled, _ saga: SagaIdentity, since committed: Int64
  ) async throws(AttemptFailure) {
    if let event = handled.next {
      worker.points.reach(ChoreographyPoint.beforePublish.rawValue)
      do throws(AttemptFailure) { try await transport.publish(next, to: event.service(script)) } catch {
        isBroken = isBroken || error.breaksSession
        throw error
      }
      worker.stages.record(ChoreographyStage.publish.rawValue, nanoseconds: monotonicNow() &- committed)
    }
    guard handled.next != nil || handled.hasEnded else { return }
    try await participant.tidy(published: handled.next == nil ? nil : next, ended: handled.hasEnded ? saga : nil)
  }

  private func draws(_ share: Double) -> Bool { share > 0 && random.fraction() < share }

  // MARK: after the trial

  /// What is left at the service: in the outbox, with the transport, among the dead letters.
  func count() async throws(AttemptFailure) -> (written: Int64, held: MessageCounts) {
    (try await participant.countWritten(), try await transport.count(at: service))
  }

  /// The text of an unexpected error.
  var errorText: String? { participant.errorText ?? transport.errorText }
}
