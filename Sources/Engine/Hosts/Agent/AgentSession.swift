@preconcurrency internal import Glibc
internal import Hosts
internal import Model
internal import Runtime

/// The conversation of an agent with its driver, over all trials of a run.
final class AgentSession {
  private var channel: Channel
  private let hello: HostHello
  private let executable: String
  private let spool: String?
  private let interruption: Int32
  private let reconnect: (Int64) -> Channel?
  /// The trial that runs, or the last one: its evidence is kept until the driver goes on, for it may have to be sent again.
  private var trial: (number: UInt32, running: AgentTrial)?
  /// Whether the driver was told how that ended.
  private var hasToldEnd = false
  private var beatInterval = idleInterval
  private var nextBeat: Int64 = 0
  /// Why the agent is to end, once its trial is over.
  private var ending: HostAgent.Ending?
  private var leavesAt: Int64 = .max

  /// From one sign of life to the next between trials, nanoseconds.
  private static let idleInterval: Int64 = 1_000_000_000
  /// How long a trial may take to end in good order when somebody wants the agent to end.
  private static let farewell: Int64 = 2_000_000_000

  init(
    _ channel: Channel, hello: HostHello, executable: String, spool: String?, interruption: Int32,
    reconnect: @escaping (Int64) -> Channel?
  ) {
    self.channel = channel
    self.hello = hello
    self.executable = executable
    self.spool = spool
    self.interruption = interruption
    self.reconnect = reconnect
  }

  /// Serves until the driver says that the run is over, or is gone, or somebody wants the agent to end.
  func run() throws(HostFailure) -> HostAgent.Ending {
    while true {
      if let ending, !isBusy || monotonicNow() >= leavesAt {
        try? channel.drain(until: monotonicNow() + Self.farewell)
        channel.close()
        if ending == .dismissed { trial?.running.forget() }
        return ending
      }
      do throws(HostFailure) {
        try turn()
      } catch {
        if error.kind == .refused || ending != nil { throw error }
        try comeBack(after: error)
      }
    }
  }

  /// Waits for something and deals with it.
  private func turn() throws(HostFailure) {
    let waited = [trial?.running.news.descriptor ?? -1, ending == nil ? interruption : -1]
    _ = channel.wait(until: min(nextBeat, leavesAt), also: waited)
    try channel.flush()
    guard let frames = try channel.receive() else { throw HostFailure(.unavailable, "the driver has gone") }
    for frame in frames { try heed(frame) }
    try tellStage()
    if monotonicNow() >= nextBeat { try beat() }
    if ending == nil, EventDescriptor.isReadable(interruption) { leave(.signalled) }
  }

  private func heed(_ frame: ChannelFrame) throws(HostFailure) {
    switch frame.kind {
    case .ping: try channel.answer(frame, at: monotonicNow())
    case .control:
      switch try HostMessage(frame) {
      case .turnedAway(let message): throw HostFailure(.refused, message)
      case .order(let order): try begin(order, number: frame.trial)
      case .start(let moment, let opening):
        guard frame.trial == trial?.number else { return }
        trial?.running.start(CommonStart(moment: moment, opening: opening))
      case .stop: trial?.running.stop()
      case .bye: leave(.dismissed)
      case .probe(let addresses):
        let obstacles = addresses.map { text in
          (try? HostAddress(text)).map { Reachability.obstacle(to: $0) ?? "" } ?? "it is no address"
        }
        try channel.send(.probed(obstacles: obstacles))
      case .welcome, .hello, .ready, .finished, .probed: break
      }
    case .beat, .evidence, .pong: break
    }
  }

  private func begin(_ order: HostOrder, number: UInt32) throws(HostFailure) {
    do throws(SystemFailure) {
      trial?.running.forget()
      let running = try AgentTrial(order, number: number, executable: executable, spool: spool)
      try running.begin()
      trial = (number, running)
      hasToldEnd = false
      beatInterval = order.beatInterval
      nextBeat = monotonicNow() + beatInterval
    } catch {
      var outcome = HostOutcome()
      outcome.failure = "\(error)"
      try channel.send(.finished(outcome), trial: number)
      try channel.send(ChannelFrame(kind: .evidence, trial: number, payload: []))
    }
  }

  /// Tells the driver how far the trial is.
  private func tellStage() throws(HostFailure) {
    guard let trial, EventDescriptor.isReadable(trial.running.news.descriptor) else { return }
    // Before it is read: what it becomes a moment later is news again.
    trial.running.news.clear()
    switch trial.running.stage {
    case .preparing, .running: return
    case .ready: try channel.send(.ready, trial: trial.number)
    case .over(let outcome, let evidence):
      var outcome = outcome
      if ending == .signalled { outcome.failure = outcome.failure ?? "its agent was asked to end" }
      try channel.send(.finished(outcome), trial: trial.number)
      try channel.send(ChannelFrame(kind: .evidence, trial: trial.number, payload: evidence ?? []))
      hasToldEnd = true
      beatInterval = Self.idleInterval
    }
  }

  private func beat() throws(HostFailure) {
    let payload = isBusy ? trial?.running.beat.payload : nil
    try channel.send(ChannelFrame(kind: .beat, trial: trial?.number ?? 0, payload: payload ?? []))
    // By its own clock and not by what has come in between.
    nextBeat = max(nextBeat + beatInterval, monotonicNow() + beatInterval / 2)
  }

  /// Whether a trial runs whose end has not been told.
  private var isBusy: Bool { trial != nil && !hasToldEnd }

  private func leave(_ ending: HostAgent.Ending) {
    self.ending = ending
    leavesAt = monotonicNow() + Self.farewell
    trial?.running.stop()
  }

  /// The connection is broken: another one within fifteen seconds, or the end. The workers go on meanwhile.
  private func comeBack(after failure: HostFailure) throws(HostFailure) {
    channel.close()
    guard let trial else { throw failure }
    var greeting = hello
    greeting.resumes = trial.number
    if let channel = reconnect(monotonicNow() + HostAgent.absence) {
      self.channel = channel
      try channel.send(.hello(greeting))
      // Whatever was said last may not have arrived.
      hasToldEnd = false
      trial.running.news.signal()
    } else {
      trial.running.stop()
      while true {
        if case .over = trial.running.stage { break }
        trial.running.news.wait()
      }
      throw failure
    }
  }
}
