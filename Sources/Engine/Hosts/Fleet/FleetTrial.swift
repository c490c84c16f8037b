@preconcurrency internal import Glibc
internal import Hosts
internal import Model
internal import Runtime
internal import Services

/// One trial over several hosts, from the driver: gives the orders, lets all start together, listens, takes the evidence.
///
/// What an engine says of its tasks is no evidence. A host whose evidence has arrived has taken part; one whose evidence
/// will not come is lost, and what its workers have done is unknown.
final class FleetTrial {
  private let setup: TrialSetup
  private let fleet: Fleet
  private let members: [FleetMember]
  private let number: UInt32
  private let faults: FaultSchedule?
  private let controller: (TrialTimes) -> TrialController
  private var recorder: TrialRecorder
  private var ending = RunningTrial.Ending()
  private var watched: TrialController?
  private var clocks = ClockComparison()

  /// Sessions that a server opens in a second, at least.
  private static let sessionsPerSecond = 500
  /// More hosts than these are listened to at intervals, microseconds.
  private static let few = 16
  private static let rest: UInt32 = 40_000

  /// - Parameters:
  ///   - faults: what the driver does to services; nil for nothing.
  ///   - controller: makes what such a fault reaches.
  init(
    _ setup: TrialSetup, fleet: Fleet, recorder: TrialRecorder, faults: FaultSchedule?,
    controller: @escaping (TrialTimes) -> TrialController
  ) {
    self.setup = setup
    self.fleet = fleet
    members = fleet.members.prefix(setup.trial.hosts).compactMap(\.self)
    number = fleet.nextTrial()
    self.recorder = recorder
    self.faults = faults
    self.controller = controller
  }

  /// Runs the trial to its end; never throws: what goes wrong is the ending's failure.
  func run(_ orders: [HostOrder]) -> (RunningTrial.Ending, TrialRecorder, HostParts) {
    for (member, order) in zip(members, orders) {
      member.reset()
      member.state = .preparing
      member.send(.order(order), trial: number)
    }
    if waitUntilReady() {
      let start = start()
      supervise(start)
    }
    if isEnding { stopAll() }
    ending.ended = monotonicNow()
    ending.events = watched?.events ?? []
    ending.serverWasKilled = watched?.serverWasKilled ?? false
    let parts = HostParts(members, setup: setup, ending: &ending)
    if let watched, let faults { ending.faults += faults.records(watched.times, closed: ending.windowClosed) }
    ending.faults.sort { ($0.injectedSecond ?? 0) < ($1.injectedSecond ?? 0) }
    return (ending, recorder, parts)
  }

  private var isEnding: Bool { ending.failure != nil || ending.isInterrupted }

  private func fail(_ message: String) { ending.failure = ending.failure ?? message }

  private func waitUntilReady() -> Bool {
    let limit =
      monotonicNow() + RunningTrial.openingLimit
      + Int64(setup.memory.layout.workers / Self.sessionsPerSecond) * 1_000_000_000
    while members.contains(where: { $0.state == .preparing }) {
      if monotonicNow() > limit {
        let late = members.filter { $0.state == .preparing }.map(\.name).joined(separator: " and ")
        fail("the sessions of \(late) were not open after \(RunningTrial.openingLimit / 1_000_000_000) s")
      }
      if isEnding { return false }
      turn(until: limit)
    }
    return !isEnding && members.allSatisfy { $0.state == .ready }
  }

  private func start() -> CommonStart {
    for member in members { heed(member, clocks.compareNow(member)) }
    let moment = monotonicNow() + clocks.headStart(members)
    let start = CommonStart(moment: moment, opening: moment + setup.trial.load.warmup.nanoseconds)
    for member in members {
      let offset = member.clock.offset(at: moment)?.midpoint ?? 0
      member.send(.start(moment: moment + offset, opening: start.opening + offset), trial: number)
      if member.state == .ready { member.state = .running }
    }
    (ending.started, ending.opens) = (start.moment, start.opening)
    (ending.windowOpened, ending.windowClosed) = (start.opening, start.opening)
    return start
  }

  private func supervise(_ start: CommonStart) {
    let load = setup.trial.load
    let times = TrialTimes(
      opens: start.opening, closes: start.opening + (load.duration?.nanoseconds ?? RunningTrial.longestTrial))
    recorder.begin(setup.memory, times, processes: [], seed: setup.trial.planned.seed, hasLeader: false, isMirror: true)
    let controller = controller(times)
    watched = controller
    let limit = times.closes + load.drain.nanoseconds + RunningTrial.grace + HostAgent.absence
    clocks.begin(times, hosts: members.count)
    while !members.allSatisfy(\.isSettled), !isEnding {
      let now = monotonicNow()
      if now > limit { giveUp(members.filter { !$0.isSettled }, "it did not end in time") }
      if load.duration == nil && now > times.closes { for member in members { member.send(.stop, trial: number) } }
      // Of many, several have something to say by then, and cost one look.
      if members.count > Self.few && now < times.closes { usleep(Self.rest) }
      if let member = clocks.due(members, at: now) { heed(member, clocks.compareNow(member)) }
      turn(until: min(limit, recorder.nextTick, faults?.next(times) ?? .max, clocks.next))
      do throws(FaultFailure) { try faults?.tick(controller) } catch { fail(error.message) }
      recorder.tick(setup.memory, closes: times.closes)
    }
    do throws(FaultFailure) { try faults?.end(controller) } catch { fail(error.message) }
  }

  /// Waits for something to happen or for a moment, and deals with it.
  private func turn(until moment: Int64, watchingInterruption: Bool = true) {
    if fleet.wait(until: moment, watchingInterruption: watchingInterruption) { ending.isInterrupted = true }
    fleet.admit(trial: number)
    // Who has nothing to do here, or is done, still gives signs of life.
    for member in fleet.members.dropFirst(members.count) where member?.hasNews == true { _ = member?.receive() }
    for member in members {
      let frames = member.hasNews ? member.receive() : []
      if member.isSettled { continue }
      heed(member, frames)
      look(after: member)
    }
  }

  /// A connection that is broken, or silent for too long.
  private func look(after member: FleetMember) {
    let silence = monotonicNow() - member.lastHeard
    if member.channel == nil, !member.isSettled, !fleet.mayComeBack || silence > HostAgent.absence {
      giveUp([member], "its connection broke" + (fleet.mayComeBack ? " and did not come back within 15 s" : ""))
    } else if silence > HostAgent.absence {
      giveUp([member], "nothing was heard of it for 15 s")
    }
  }

  private func giveUp(_ lost: [FleetMember], _ reason: String) {
    for member in lost {
      member.state = .lost
      member.trouble = reason + (member.trouble.map { " (\($0))" } ?? "")
      member.disconnect()
      watched?.note(.ended, member.name, reason)
    }
  }

  private func heed(_ member: FleetMember, _ frames: [ChannelFrame]) {
    for frame in frames where frame.trial == number || frame.kind == .control {
      switch frame.kind {
      case .beat: heard(member, frame)
      case .evidence: take(frame, of: member)
      case .control: heed(member, message: frame)
      case .ping, .pong: break
      }
    }
  }

  private func heed(_ member: FleetMember, message frame: ChannelFrame) {
    guard frame.trial == number, let message = try? HostMessage(frame) else { return }
    switch message {
    case .ready: if member.state == .preparing { member.state = .ready }
    case .finished(let outcome):
      guard !member.isSettled else { return }
      member.outcome = outcome
      member.state = .finished
      if let failure = outcome.failure { fail("\(member.name): \(failure)") }
      if !member.isDelivered { heed(member, clocks.compareNow(member)) }
    default: break
    }
  }

  /// Counts of a host that are newer; they lie at the place of its first thread, so that whoever looks at the memory of the
  /// trial finds the sums.
  private func heard(_ member: FleetMember, _ frame: ChannelFrame) {
    guard let beat = HostBeat(payload: frame.payload) else { return }
    member.heard(beat)
    setup.memory.mirror(
      beat.tallies, ofThread: setup.assignments[member.rank * setup.trial.processesPerHost].threads.lowerBound)
  }

  private func take(_ frame: ChannelFrame, of member: FleetMember) {
    guard member.state == .finished else { return }
    member.state = .over
    if frame.payload.isEmpty { return }
    do throws(EvidenceFailure) {
      guard let delivery = HostDelivery(payload: frame.payload) else { throw .damaged }
      member.evidence = try CollectedEvidence(frame: delivery.evidence, layout: setup.memory.layout)
      member.sections = delivery.sections
      if member.isDelivered {
        member.send(.bye, trial: number)
        try? member.channel?.drain(until: monotonicNow() + 1_000_000_000)
        member.disconnect()
      }
    } catch {
      giveUp([member], "\(error)")
    }
  }

  /// Lets every host finish in good order, but not for long.
  private func stopAll() {
    for member in members where !member.isSettled { member.send(.stop, trial: number) }
    let limit = monotonicNow() + 3_000_000_000
    while !members.allSatisfy(\.isSettled) && monotonicNow() < limit { turn(until: limit, watchingInterruption: false) }
  }
}
