internal import CLinux
@preconcurrency internal import Glibc
internal import Model
internal import Runtime
internal import Services

/// One trial while it runs: starts its processes together, watches them, and ends those that must be ended.
final class RunningTrial {
  /// How a trial ended.
  struct Ending {
    var windowOpened: Int64 = 0
    var windowClosed: Int64 = 0
    /// When the first operations could begin; 0 when it did not come to that.
    var started: Int64 = 0
    /// When the window was to open, from which the moments of events are counted.
    var opens: Int64 = 0
    /// Just before the processes that were still there were ended.
    var ended: Int64 = 0
    /// Workers that were killed while it ran.
    var deaths: [RecordedTrial.Death] = []
    var events: [TrialEvent] = []
    var faults: [FaultRecord] = []
    /// A fault has killed a server.
    var serverWasKilled = false
    /// Why it failed as a whole; nil when it did not.
    var failure: String?
    var isInterrupted = false
  }

  private let setup: TrialSetup
  private let load: LoadSettings
  private let processes: WorkerProcesses
  private var ending = Ending()
  private var recorder: TrialRecorder
  private let interruption: Int32
  private let faults: FaultSchedule?
  private let commonStart: (() -> CommonStart?)?
  private let service: (String) -> RunningService?
  private let administration: (String) throws(SetupFailure) -> any StoreAdministration
  /// Nil before the common start.
  private var controller: TrialController?
  private var isHealed = false

  /// Sessions must be open by then.
  static let openingLimit: Int64 = 60_000_000_000
  /// A worker process that has not said that it is over by so long after its own limit is ended.
  static let grace: Int64 = 5_000_000_000
  /// An operations-bounded trial that takes longer is cut off.
  static let longestTrial: Int64 = 600_000_000_000

  /// - Parameters:
  ///   - interruption: a descriptor that is readable when the user wants to stop.
  ///   - faults: what is planned to happen; nil for nothing.
  ///   - service: finds a managed service by name.
  ///   - administration: the driver's own way to a service.
  ///   - commonStart: called when every session is open; waits until somebody says when to start, nil when that is not to
  ///     be. Without it the trial starts by itself.
  init(
    _ setup: TrialSetup, executable: String, recorder: TrialRecorder, interruption: Int32, faults: FaultSchedule?,
    service: @escaping (String) -> RunningService?,
    administration: @escaping (String) throws(SetupFailure) -> any StoreAdministration,
    commonStart: (() -> CommonStart?)? = nil
  ) {
    self.setup = setup
    load = setup.trial.load
    processes = WorkerProcesses(executable: executable, memory: setup.memory)
    self.recorder = recorder
    self.interruption = interruption
    self.faults = faults
    self.service = service
    self.administration = administration
    self.commonStart = commonStart
  }

  /// Runs the trial to its end; never throws: what goes wrong is the ending's failure. No process is left.
  func run() -> (Ending, TrialRecorder) {
    do {
      try processes.launch(setup.assignments)
      if try waitUntilReady(), let moments = startingMoments() {
        let controller = try start(moments)
        let isAhead = goesAhead()
        defer { if isAhead { _ = clinux_set_nice(0) } }
        try supervise(controller)
        // Nobody is left to say so where all were killed as planned.
        if ending.windowClosed == 0 && !isEnding {
          (ending.windowOpened, ending.windowClosed) = (controller.times.opens, monotonicNow())
        }
      }
    } catch {
      fail("\(error)")
    }
    heal()
    ending.ended = monotonicNow()
    processes.end()
    ending.events = controller?.events ?? []
    if let controller, let faults { ending.faults = faults.records(controller.times, closed: ending.windowClosed) }
    ending.deaths = controller?.deaths ?? []
    ending.serverWasKilled = controller?.serverWasKilled ?? false
    return (ending, recorder)
  }

  private func waitUntilReady() throws -> Bool {
    let limit = monotonicNow() + Self.openingLimit
    while !processes.allAreReady {
      if monotonicNow() > limit { fail("the sessions were not open after 60 s") }
      if isEnding { return false }
      try turn(until: limit)
    }
    return !isEnding
  }

  /// When to start; nil when the user, or who starts the hosts together, does not want it any more.
  private func startingMoments() -> CommonStart? {
    guard let commonStart else {
      let moment = monotonicNow() + (setup.trial.processes == 1 ? 2_000_000 : 20_000_000)
      return CommonStart(moment: moment, opening: moment + load.warmup.nanoseconds)
    }
    let given = commonStart()
    if given == nil { ending.isInterrupted = true }
    return given
  }

  private func start(_ moments: CommonStart) throws -> TrialController {
    let (start, opens) = (moments.moment, moments.opening)
    ending.started = start
    ending.opens = opens
    let times = TrialTimes(opens: opens, closes: opens + (load.duration?.nanoseconds ?? Self.longestTrial))
    for index in processes.members.indices { try processes.start(index, at: start, opening: opens) }
    recorder.begin(
      setup.memory, times, processes: processes.ids, seed: setup.trial.planned.seed,
      hasLeader: setup.trial.workload.election != nil)
    let controller = TrialController(
      processes, memory: setup.memory, times: times, service: service, administration: administration)
    self.controller = controller
    return controller
  }

  /// Lets this thread go before others where faults are to happen at their moments, as far as the system allows it: of a
  /// thousand sessions on two CPUs it would get its turn seconds late. True when there is something to take back.
  private func goesAhead() -> Bool {
    guard faults != nil, getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) == 0 else { return false }
    return clinux_set_nice(-10) == 0
  }

  private func supervise(_ controller: TrialController) throws {
    let times = controller.times
    let limit = times.closes + load.drain.nanoseconds + Self.grace
    while !processes.allAreOver || awaitsReplacement {
      if isEnding { return stopAll() }
      let now = monotonicNow()
      if now > limit { return fail("\(processes.unended) did not end in time") }
      if load.duration == nil && now > times.closes { try processes.stop() }
      try turn(until: min(limit, recorder.nextTick, faults?.next(times) ?? .max))
      try faults?.tick(controller)
      recorder.tick(setup.memory, closes: times.closes)
    }
  }

  private var isEnding: Bool { ending.failure != nil || ending.isInterrupted }

  private func fail(_ message: String) { ending.failure = ending.failure ?? message }

  /// Whether another process may yet take the place of one that was killed.
  private var awaitsReplacement: Bool { faults?.isActive == true && processes.someoneEndedEarly }

  /// Undoes what faults have done, once.
  private func heal() {
    guard let controller, let faults, !isHealed else { return }
    isHealed = true
    do throws(FaultFailure) { try faults.end(controller) } catch { fail(error.message) }
  }

  /// Lets every process finish in good order, but not for long. Those that are stopped must hear it.
  private func stopAll() {
    heal()
    try? processes.stop()
    let limit = monotonicNow() + 2_000_000_000
    while !processes.members.allSatisfy({ $0.isOver || $0.process.hasEnded() }) && monotonicNow() < limit {
      try? turn(until: limit, watchingInterruption: false)
    }
  }

  /// Waits for something to happen or for a moment, and deals with it.
  private func turn(until moment: Int64, watchingInterruption: Bool = true) throws {
    for news in try processes.turn(until: moment, interruption: watchingInterruption ? interruption : -1) {
      switch news {
      case .ready(let index): try join(index)
      case .failed(let message): fail(message)
      case .finished(let opened, let closed):
        ending.windowOpened = ending.windowOpened == 0 ? opened : min(ending.windowOpened, opened)
        ending.windowClosed = max(ending.windowClosed, closed)
      case .departed(let index):
        let member = processes.members[index]
        controller?.note(.ended, processes.name(of: index), member.ending)
        if ending.failure == nil { fail("worker process \(member.process.id) died with \(member.ending)") }
      case .interrupted: ending.isInterrupted = true
      }
    }
  }

  /// A process has opened its sessions; one that takes the place of another waits for nobody.
  private func join(_ index: Int) throws {
    guard let controller else { return }
    if monotonicNow() >= controller.times.closes { return processes.members[index].kill() }
    try processes.start(index, at: monotonicNow(), opening: controller.times.opens)
    recorder.follow(processes.ids)
  }
}
