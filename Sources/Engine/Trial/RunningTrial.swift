internal import Model
internal import Runtime

/// One trial while it runs: starts its processes together, watches them, and ends those that must be ended.
final class RunningTrial {
  /// How a trial ended.
  struct Ending {
    var windowOpened: Int64 = 0
    var windowClosed: Int64 = 0
    var events: [TrialEvent] = []
    /// Why it failed as a whole; nil when it did not.
    var failure: String?
    var isInterrupted = false
  }

  private let setup: TrialSetup
  private let load: LoadSettings
  private let processes: WorkerProcesses
  /// Nil before the common start.
  private var times: TrialTimes?
  private var ending = Ending()
  private var recorder: TrialRecorder
  private let interruption: Int32

  /// Sessions must be open by then.
  private static let openingLimit: Int64 = 60_000_000_000
  /// A worker process that has not said that it is over by so long after its own limit is ended.
  private static let grace: Int64 = 5_000_000_000
  /// An operations-bounded trial that takes longer is cut off.
  private static let longestTrial: Int64 = 600_000_000_000

  /// - Parameter interruption: a descriptor that is readable when the user wants to stop.
  init(_ setup: TrialSetup, executable: String, recorder: TrialRecorder, interruption: Int32) {
    self.setup = setup
    load = setup.trial.load
    processes = WorkerProcesses(executable: executable, memory: setup.memory)
    self.recorder = recorder
    self.interruption = interruption
  }

  /// Runs the trial to its end; never throws: what goes wrong is the ending's failure. No process is left.
  func run() -> (Ending, TrialRecorder) {
    do {
      try processes.launch(setup.assignments)
      if try waitUntilReady() { try supervise(try start()) }
    } catch {
      fail("\(error)")
    }
    processes.end()
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

  private func start() throws -> TrialTimes {
    let start = monotonicNow() + (setup.trial.processes == 1 ? 2_000_000 : 20_000_000)
    let opens = start + load.warmup.nanoseconds
    let times = TrialTimes(opens: opens, closes: opens + (load.duration?.nanoseconds ?? Self.longestTrial))
    for index in processes.members.indices { try processes.start(index, at: start, opening: opens) }
    recorder.begin(setup.memory, opens: opens, processes: processes.ids)
    self.times = times
    return times
  }

  private func supervise(_ times: TrialTimes) throws {
    let limit = times.closes + load.drain.nanoseconds + Self.grace
    while !processes.allAreOver {
      if isEnding { return stopAll() }
      let now = monotonicNow()
      if now > limit { return fail("a worker process did not end in time") }
      if load.duration == nil && now > times.closes { try processes.stop() }
      try turn(until: min(limit, recorder.nextTick))
      recorder.tick(setup.memory, closes: times.closes)
    }
  }

  private var isEnding: Bool { ending.failure != nil || ending.isInterrupted }

  private func fail(_ message: String) { ending.failure = ending.failure ?? message }

  /// Lets every process finish in good order, but not for long.
  private func stopAll() {
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
      case .ready: break
      case .failed(let message): fail(message)
      case .finished(let opened, let closed):
        ending.windowOpened = ending.windowOpened == 0 ? opened : min(ending.windowOpened, opened)
        ending.windowClosed = max(ending.windowClosed, closed)
      case .departed(let index):
        let member = processes.members[index]
        note(.ended, processes.name(of: index), member.ending)
        if ending.failure == nil { fail("worker process \(member.process.id) died with \(member.ending)") }
      case .interrupted: ending.isInterrupted = true
      }
    }
  }

  private func note(_ kind: TrialEvent.Kind, _ subject: String, _ detail: String = "") {
    guard let times else { return }
    ending.events.append(
      TrialEvent(second: times.second(at: monotonicNow()), kind: kind, subject: subject, detail: detail))
  }
}
