internal import Glibc

/// The driver's hold on one guard: while ``control`` is open, the server lives.
final class GuardProcess {
  /// Process id of the guard.
  let process: pid_t
  /// The server's directory, once the guard has told.
  private(set) var directory: PrivateDirectory?
  /// Whether the guard has not been waited for yet.
  private(set) var isRunning = true
  /// The processes of the server's members, as the guard has told last.
  private(set) var members: [Int32] = []
  /// Requests to start that the guard has not answered, the first of all among them.
  private var unanswered = 1
  /// Members that were ended on request and not started again; nil stands for all of them.
  private var ended: Set<Int?> = []
  /// Whether the whole server runs, as far as the guard has told.
  var serverIsUp: Bool { unanswered == 0 && ended.isEmpty }

  /// How long a server may take that heard its death signal: PostgreSQL gives its children five seconds.
  private static let dying = Duration.seconds(7)

  /// The writing end of a pipe that nobody else inherits; the guard waits for it to be closed.
  private let control: Descriptor
  private var messages: GuardMessages

  /// Starts a guard in a session of its own, where Ctrl-C does not reach it.
  init(executable: String, _ arguments: GuardArguments) throws(ServiceFailure) {
    let input = try Descriptor.pipe()
    let output = try Descriptor.pipe()
    let null = try Descriptor.open("/dev/null", O_RDWR)
    let command = Command(path: executable, arguments: ["guard"] + arguments.words, name: "contend")
    process = try command.start(
      directory: "/", streams: .init(input: input.reading, output: output.writing, error: null), leadsSession: true)
    control = input.writing
    messages = GuardMessages(from: output.reading)
  }

  deinit { stop() }

  /// The next message; nil when there is none until `deadline`, or the guard has ended.
  func nextMessage(until deadline: ContinuousClock.Instant) -> GuardMessage? {
    let message = messages.next(until: deadline)
    switch message {
    case .directory(let path): directory = PrivateDirectory(path: path)
    case .ready(let processes):
      members = processes
      unanswered = max(0, unanswered - 1)
    case .failed, .killed, .ended, nil: break
    }
    return message
  }

  /// Asks the guard for something.
  func send(_ request: GuardRequest) {
    switch request.kind {
    case .kill, .stop: ended.insert(request.member)
    case .start, .renew:
      unanswered += 1
      if request.member == nil { ended = [] } else { ended.remove(request.member) }
    case .separate, .join: break
    }
    // That the guard is gone shows in the end of its messages.
    _ = retryingInterrupted { write(control.number, request.bytes, 2) }
  }

  /// How the server ended, with the end of its log; nil while it runs. Does not wait.
  func unexpectedEnd() -> String? {
    guard isRunning else { return nil }
    while let message = nextMessage(until: .now) {
      if case .ended(let reason) = message { return reason + logExcerpt }
    }
    return messages.hasEnded ? "its guard process was killed" + logExcerpt : nil
  }

  /// Lets go of the server and waits until the guard has removed it; a guard that fails to is killed, and the kernel
  /// then kills the server.
  func stop() {
    guard isRunning else { return }
    isRunning = false
    control.close()
    let deadline = ContinuousClock.now + .seconds(10)
    while !messages.hasEnded, ContinuousClock.now < deadline { _ = nextMessage(until: deadline) }
    if !messages.hasEnded { kill(process, SIGKILL) }
    endSurvivors()
    _ = retryingInterrupted { waitpid(process, nil, 0) }
    // Left over only if the guard was killed. A dying server may still write to it.
    for _ in 0..<100 {
      guard let directory, !directory.remove() else { return }
      usleep(20_000)
    }
  }

  /// Waits for what a guard has left that was killed, and ends it, with its shared memory: of programs that prepare a
  /// server, not all hear a death signal. They are those of its session, whose number nobody else is given before the
  /// guard is waited for. A server that heard one releases by itself what only its children know of.
  private func endSurvivors() {
    var sharedMemory = SharedMemory()
    let begin = ContinuousClock.now
    while ContinuousClock.now < begin + Self.dying + .seconds(2) {
      let survivors = ProcessTree.members(ofSession: process)
      if survivors.isEmpty { break }
      for survivor in survivors { sharedMemory.add(from: survivor) }
      let signal = ContinuousClock.now < begin + Self.dying ? SIGCONT : SIGKILL
      for survivor in survivors { kill(survivor, signal) }
      usleep(5000)
    }
    sharedMemory.remove()
  }

  private var logExcerpt: String { directory.map { LogExcerpt(of: $0.file(PrivateDirectory.logName)).text } ?? "" }
}
