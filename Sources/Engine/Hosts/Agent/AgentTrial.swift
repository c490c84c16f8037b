@preconcurrency internal import Glibc
internal import Model
internal import Runtime
internal import Services
internal import Synchronization

/// One trial on the host of an agent, on a thread of its own: what the driver does on one machine, with a start that the
/// driver sets. The agent's main thread talks to the driver meanwhile, and reads the counts from shared memory.
final class AgentTrial: Sendable {
  /// How far it is.
  enum Stage: Sendable {
    case preparing
    /// Its sessions are open; it waits for the start.
    case ready
    case running
    /// It is over: how it ended, and its evidence as bytes; nil when it came to none.
    case over(HostOutcome, evidence: [UInt8]?)
  }

  /// Readable when the stage has changed.
  let news: EventDescriptor
  private let orders: EventDescriptor
  private let interruption: EventDescriptor
  private let order: HostOrder
  private let number: UInt32
  private let executable: String
  private let spool: Spool?
  private let state = Mutex(State())

  private struct State {
    var stage = Stage.preparing
    var start: CommonStart?
    var isStopped = false
    var memory: TrialMemory?
  }

  private static let stackBytes = 8 << 20

  /// - Parameter spool: the folder in which its memory is a file; nil for memory that nobody survives.
  init(_ order: HostOrder, number: UInt32, executable: String, spool folder: String?) throws(SystemFailure) {
    news = try EventDescriptor()
    orders = try EventDescriptor()
    interruption = try EventDescriptor()
    self.order = order
    self.number = number
    self.executable = executable
    spool = folder.map { Spool(folder: $0, order: order, number: number) }
  }

  /// Its evidence has arrived: what it has spooled is no longer needed.
  func forget() { spool?.remove() }

  /// Starts its thread.
  func begin() throws(SystemFailure) {
    try Thread.start(stackBytes: Self.stackBytes) { [self] in
      let (outcome, evidence) = perform()
      enter(.over(outcome, evidence: evidence))
    }
  }

  var stage: Stage { state.withLock { $0.stage } }

  /// What its workers have counted so far.
  var beat: HostBeat {
    guard let memory = state.withLock({ $0.memory }) else { return HostBeat() }
    return HostBeat(Dictionary(uniqueKeysWithValues: Phase.allCases.map { ($0, memory.tally($0)) }))
  }

  /// Lets its workers go at a moment of this host's clock.
  func start(_ start: CommonStart) {
    state.withLock { $0.start = start }
    orders.signal()
  }

  /// Lets its workers end in good order.
  func stop() {
    state.withLock { $0.isStopped = true }
    orders.signal()
    interruption.signal()
  }

  private func enter(_ stage: Stage) {
    state.withLock { $0.stage = stage }
    news.signal()
  }

  private func perform() -> (HostOutcome, [UInt8]?) {
    var outcome = HostOutcome()
    do {
      let trial = try ResolvedTrial(order)
      let setup = try TrialSetup(trial, order, memory: try spool?.makeMemory(order.layout))
      state.withLock { $0.memory = setup.memory }
      let monitor = MachineMonitor { 0 }
      let running = RunningTrial(
        setup, executable: executable,
        recorder: TrialRecorder(monitor: monitor, countsChildren: trial.selection.adapter != nil) { _ in },
        interruption: interruption.descriptor, faults: FaultSchedule(trial.faults), service: { _ in nil },
        administration: { service throws(SetupFailure) in
          throw SetupFailure("service \(service) is administered by the driver")
        },
        commonStart: { [self] in
          let start = waitForStart()
          if let start { spool?.write(order, number: number, opening: start.opening) }
          return start
        })
      let (ending, recorder) = running.run()
      let evidence = conclude(setup, ending, recorder, into: &outcome)
      return (outcome, evidence)
    } catch {
      outcome.failure = "\(error)"
      return (outcome, nil)
    }
  }

  /// Blocks until the driver has said when to start; nil when it wants the end.
  private func waitForStart() -> CommonStart? {
    enter(.ready)
    while true {
      let (start, isStopped) = state.withLock { ($0.start, $0.isStopped) }
      if isStopped { return nil }
      if let start {
        enter(.running)
        return start
      }
      orders.wait()
    }
  }

  private func conclude(
    _ setup: TrialSetup, _ ending: RunningTrial.Ending, _ recorder: TrialRecorder, into outcome: inout HostOutcome
  ) -> [UInt8]? {
    outcome.failure = ending.failure
    guard ending.opens > 0 else { return nil }
    var recorder = recorder
    let closed = ending.windowClosed > 0 ? ending.windowClosed : ending.ended
    recorder.end(setup.memory, closed: closed)
    setup.memory.settleOpenOperations(windowEnd: closed)
    outcome.opened = max(ending.windowOpened, ending.opens) - ending.opens
    outcome.closed = closed - ending.opens
    outcome.events = ending.events
    outcome.faults = ending.faults
    outcome.machine = recorder.share
    outcome.machine.threads = recorder.sampler?.share(
      threads: setup.assignments.reduce(0) { $0 + $1.threads.count }, processors: MachineMonitor.processors)
    outcome.timeline = recorder.timeline
    outcome.parts = recorder.sampler?.parts ?? []
    outcome.encounters = recorder.sampler?.encounters ?? Encounters()
    let workers = setup.workers
    outcome.startDelay = setup.memory.startDelay(of: workers)
    let evidence = setup.memory.collect(workers: workers, windowOpened: ending.windowOpened, withStore: false)
    return HostDelivery(evidence: evidence.frame(), sections: setup.memory.heldSections).payload
  }
}

extension ResolvedTrial {
  /// The trial of an order, with the faults that are done on the host that got it.
  init(_ order: HostOrder) throws(EngineFailure) {
    try self.init(order.planned, of: order.scenario)
    faults.removeAll { !order.faults.contains($0.position) }
  }
}
