internal import CLinux
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// The processes of one trial while it runs: starts them together, watches them, and ends those that must be ended.
final class RunningTrial {
  /// How a trial ended.
  struct Ending {
    var windowOpened: Int64 = 0
    var windowClosed: Int64 = 0
    /// Why it failed as a whole; nil when it did not.
    var failure: String?
    var isInterrupted = false
  }

  private let setup: TrialSetup
  private let load: LoadSettings
  private var members: [Member] = []
  private var ending = Ending()
  private var recorder: TrialRecorder
  private let interruption: Int32

  /// A worker process and its end of the conversation.
  private final class Member {
    let process: ChildProcess
    let socket: FrameSocket<Frame>
    var isReady = false
    var isOver = false
    var hasFinished = false

    init(process: ChildProcess, socket: FrameSocket<Frame>) {
      self.process = process
      self.socket = socket
    }
  }

  /// Sessions must be open by then.
  private static let openingLimit: Int64 = 60_000_000_000
  /// A worker process that has not said that it is over by so long after its own limit is ended.
  private static let grace: Int64 = 5_000_000_000
  /// An operations-bounded trial that takes longer is cut off.
  private static let longestTrial: Int64 = 600_000_000_000

  /// - Parameter interruption: a descriptor that is readable when the user wants to stop.
  init(_ setup: TrialSetup, recorder: TrialRecorder, interruption: Int32) {
    self.setup = setup
    load = setup.trial.load
    self.recorder = recorder
    self.interruption = interruption
  }

  /// Runs the trial to its end; never throws: what goes wrong is the ending's failure. No process is left.
  func run(executable: String) -> (Ending, TrialRecorder) {
    do {
      try launch(executable)
      if try waitUntilReady() {
        let start = monotonicNow() + (setup.trial.processes == 1 ? 2_000_000 : 20_000_000)
        try broadcast(.start(moment: start))
        recorder.begin(
          setup.memory, opens: start + load.warmup.nanoseconds, processes: members.map(\.process.id))
        try supervise(start: start)
      }
    } catch {
      fail("\(error)")
    }
    // One that has said that it is over ends by itself in a moment.
    for member in members where member.hasFinished { member.process.waitForEnd(milliseconds: 1000) }
    for member in members { member.process.kill() }
    return (ending, recorder)
  }

  private func launch(_ executable: String) throws {
    for assignment in setup.assignments {
      var ends: [Int32] = [-1, -1]
      guard clinux_socket_pair(&ends) == 0 else { throw SystemFailure("socketpair") }
      let socket = FrameSocket<Frame>(ends[0])
      defer { close(ends[1]) }
      let process = try ChildProcess(
        executable: executable, arguments: ["worker"], descriptors: [ends[1], setup.memory.region.descriptor])
      members.append(Member(process: process, socket: socket))
      try socket.send(.assignment(assignment))
    }
  }

  private func waitUntilReady() throws -> Bool {
    let limit = monotonicNow() + Self.openingLimit
    while !members.allSatisfy(\.isReady) {
      if monotonicNow() > limit { fail("the sessions were not open after 60 s") }
      if isEnding { return false }
      try turn(until: limit)
    }
    return !isEnding
  }

  private func supervise(start: Int64) throws {
    let opens = start + load.warmup.nanoseconds
    let closes = load.duration.map { opens + $0.nanoseconds } ?? opens + Self.longestTrial
    let limit = closes + load.drain.nanoseconds + Self.grace
    while !members.allSatisfy(\.isOver) {
      if isEnding { return stopAll() }
      let now = monotonicNow()
      if now > limit { return fail("a worker process did not end in time") }
      if load.duration == nil && now > closes { try broadcast(.stop) }
      try turn(until: min(limit, recorder.nextTick))
      recorder.tick(setup.memory, closes: closes)
    }
  }

  private var isEnding: Bool { ending.failure != nil || ending.isInterrupted }

  private func fail(_ message: String) { ending.failure = ending.failure ?? message }

  /// Lets every process finish in good order, but not for long.
  private func stopAll() {
    for member in members where !member.isOver { try? member.socket.send(.stop) }
    let limit = monotonicNow() + 2_000_000_000
    while !members.allSatisfy({ $0.isOver || $0.process.hasEnded() }) && monotonicNow() < limit {
      try? turn(until: limit, watchingInterruption: false)
    }
  }

  private func broadcast(_ frame: Frame) throws {
    for member in members where !member.isOver { try member.socket.send(frame) }
  }

  /// Waits for something to happen or for a moment, and deals with it.
  private func turn(until moment: Int64, watchingInterruption: Bool = true) throws {
    var descriptors = members.map {
      pollfd(fd: $0.isOver ? -1 : $0.socket.descriptor, events: Int16(POLLIN), revents: 0)
    }
    descriptors += members.map { pollfd(fd: $0.process.errorDescriptor, events: Int16(POLLIN), revents: 0) }
    descriptors.append(pollfd(fd: watchingInterruption ? interruption : -1, events: Int16(POLLIN), revents: 0))
    _ = clinux_poll_ns(&descriptors, UInt32(descriptors.count), max(0, moment - monotonicNow()))
    if descriptors[descriptors.count - 1].revents != 0 { ending.isInterrupted = true }
    for (index, member) in members.enumerated() {
      if descriptors[members.count + index].revents != 0 { member.process.readMessages() }
      if descriptors[index].revents != 0 { try listen(to: member) }
    }
  }

  private func listen(to member: Member) throws {
    guard let frames = try member.socket.receive() else { return depart(member) }
    for frame in frames {
      switch frame {
      case .hello(let version) where version != Frame.version:
        fail("the worker process speaks protocol \(version), this program \(Frame.version)")
      case .ready: member.isReady = true
      case .refused(let message): fail(message)
      case .finished(let opened, let closed):
        member.hasFinished = true
        ending.windowOpened = ending.windowOpened == 0 ? opened : min(ending.windowOpened, opened)
        ending.windowClosed = max(ending.windowClosed, closed)
      default: break
      }
    }
  }

  /// A worker process has closed its connection: in good order after `finished`, else it died.
  private func depart(_ member: Member) {
    member.isOver = true
    guard !member.hasFinished, ending.failure == nil else { return }
    // It closed the connection, so it is ending by itself; give it a moment to be reaped with its own status.
    member.process.waitForEnd(milliseconds: 1000)
    member.process.kill()
    let status = member.process.exitStatus.map { "\($0)" } ?? "unknown status"
    let message = member.process.lastMessage.map { "; its last message: \($0)" } ?? ""
    fail("worker process \(member.process.id) died with \(status)\(message)")
  }
}
