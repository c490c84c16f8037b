internal import Glibc

/// The life of one server under its guard: prepared, started, watched, stopped, removed.
struct GuardedServer {
  /// Why the server does not run.
  private enum Interruption: Error {
    case driverGone
    case failure(String)
  }

  /// How long preparation may take, and after it the wait for the first answer.
  private static let startingPatience = Duration.seconds(30)
  /// Microseconds from the making of shared memory until it is mapped.
  private static let mappingTime: UInt32 = 1000

  private let server: any ManagedServer
  private let arguments: GuardArguments
  private let directory: PrivateDirectory
  private var events: GuardEvents
  /// Those that the server consists of; empty before it starts, after it has died, and for an embedded store.
  private var processes: [pid_t] = []
  private var sharedMemory = SharedMemory()

  private var settings: [ServiceSetting] { server.settings(maximumClients: arguments.maximumClients) }
  private var logPath: String { directory.file(PrivateDirectory.logName) }

  /// Creates the private directory and tells the driver of it.
  init(_ server: any ManagedServer, _ arguments: GuardArguments) throws(ServiceFailure) {
    self.server = server
    self.arguments = arguments
    events = try GuardEvents()
    directory = try PrivateDirectory(
      prefix: "contend-\(server.name)-", in: arguments.parents, socketName: server.socketName)
    ServiceGuard.report(.directory(directory.path))
  }

  /// Runs the server until the driver has gone, then removes every trace of it.
  mutating func run() {
    var failure: String?
    do throws(Interruption) {
      try prepare()
      try start()
      ServiceGuard.report(.ready)
      watch()
    } catch {
      if case .failure(let reason) = error { failure = reason }
    }
    stop()
    sharedMemory.remove()
    directory.remove()
    if let failure { ServiceGuard.report(.failed(failure)) }
  }

  /// Finds ports, writes the server's files and runs the commands that create others.
  private mutating func prepare() throws(Interruption) {
    events.watchesSharedMemory = true
    do throws(ServiceFailure) {
      if server.portCount > 0 { try directory.writePorts(LoopbackPorts.free(server.portCount)) }
      for (name, text) in server.files(in: directory, settings: settings) { try directory.write(text, to: name) }
    } catch {
      throw .failure("\(server.software) did not start: \(error.message)")
    }
    for command in server.preparation(in: directory, programs: arguments.programFolder) {
      let preparation = try spawn(command, deathSignal: SIGKILL)
      let deadline = ContinuousClock.now + Self.startingPatience
      while events.ended[preparation] == nil { try waitWhileStarting(until: deadline) }
      if let status = events.ended[preparation], status != 0 {
        throw failure("\(command.path) failed (\(describeExit(status)))")
      }
      // Its processes are gone, and what one of them has left that was killed.
      sharedMemory.remove()
      sharedMemory = SharedMemory()
    }
  }

  /// Starts the server and waits until it answers.
  private mutating func start() throws(Interruption) {
    // While operations are measured, nobody is woken by what others on the machine do.
    events.watchesSharedMemory = true
    defer { events.watchesSharedMemory = false }
    for command in server.commands(in: directory, programs: arguments.programFolder, settings: settings) {
      processes.append(try spawn(command, deathSignal: server.deathSignal))
    }
    let deadline = ContinuousClock.now + Self.startingPatience
    var pause = Duration.milliseconds(2)
    while !server.isReady(in: directory) {
      let next = ContinuousClock.now + pause
      while ContinuousClock.now < next, firstEnd == nil {
        try waitWhileStarting(until: deadline, atMost: next)
      }
      if let status = firstEnd { throw failure("it ended while starting (\(describeExit(status)))") }
      pause = min(pause * 2, .milliseconds(20))
    }
  }

  /// Returns when the driver has gone. Tells it if the server ends before.
  private mutating func watch() {
    // Shared memory is noted in case somebody else kills the server: at once, and when its children have settled.
    noteSharedMemory()
    var settling: ContinuousClock.Instant? = .now + .seconds(1)
    while !events.driverIsGone {
      if let instant = settling, ContinuousClock.now >= instant {
        noteSharedMemory()
        settling = nil
      }
      if let request = events.nextRequest() {
        meet(request)
      } else if let status = firstEnd {
        // Nothing of a dead server may go on working.
        killRemaining()
        processes = []
        ServiceGuard.report(.ended(describeExit(status)))
        while !events.driverIsGone { events.wait(until: nil) }
      } else {
        events.wait(until: settling)
      }
    }
  }

  /// Does what the driver asks for. A server that does not start again has ended.
  private mutating func meet(_ request: GuardRequest) {
    switch request {
    case .kill, .stop:
      if request == .kill { killRemaining() } else { stop() }
      processes = []
      ServiceGuard.report(.killed)
    case .start:
      do throws(Interruption) {
        try start()
        noteSharedMemory()
        ServiceGuard.report(.ready)
      } catch {
        guard case .failure(let reason) = error else { return }
        killRemaining()
        processes = []
        ServiceGuard.report(.ended(reason))
      }
    }
  }

  /// How the first of the server's processes to end did so; nil while all run.
  private var firstEnd: CInt? { processes.lazy.compactMap { events.ended[$0] }.first }

  /// Whether any of the server's processes runs.
  private var isRunning: Bool { processes.contains { events.ended[$0] == nil } }

  /// Asks the server to end, then makes it.
  private mutating func stop() {
    if isRunning {
      // A server that was paused hears nothing but SIGCONT and SIGKILL.
      signalRemaining(SIGCONT)
      for (signal, patience) in server.stopSignals where isRunning {
        for process in processes where events.ended[process] == nil { kill(process, signal) }
        let deadline = ContinuousClock.now + patience
        while isRunning, ContinuousClock.now < deadline { events.wait(until: deadline) }
      }
    }
    killRemaining()
  }

  /// Ends whatever is left below this guard, orphans included, and waits for it: seconds at most.
  ///
  /// Notes shared memory first, of processes that are halted so that they take no more: initdb, too, runs a server.
  private mutating func killRemaining() {
    let deadline = ContinuousClock.now + .seconds(2)
    while true {
      if signalRemaining(SIGSTOP) == 0 || ContinuousClock.now >= deadline { return }
      noteSharedMemory()
      signalRemaining(SIGKILL)
      events.wait(until: ContinuousClock.now + .milliseconds(5))
    }
  }

  /// Sends a signal to every process below this guard; PostgreSQL gives each of its children a group of its own.
  @discardableResult
  private func signalRemaining(_ signal: CInt) -> Int {
    let remaining = remainingProcesses()
    for process in remaining { kill(process, signal) }
    return remaining.count
  }

  private func remainingProcesses() -> [pid_t] {
    ProcessTree.descendants(of: getpid()).filter { !$0.isZombie }.map(\.process)
  }

  private mutating func noteSharedMemory() {
    for process in remainingProcesses() { sharedMemory.add(from: process) }
  }

  private mutating func waitWhileStarting(
    until deadline: ContinuousClock.Instant, atMost next: ContinuousClock.Instant? = nil
  ) throws(Interruption) {
    events.wait(until: min(deadline, next ?? deadline))
    if events.sharedMemoryWasTaken() {
      // It is told when the file is made, and seen when it is mapped.
      usleep(Self.mappingTime)
      noteSharedMemory()
    }
    if events.driverIsGone { throw .driverGone }
    if ContinuousClock.now >= deadline { throw failure("it was not ready after \(Self.startingPatience)") }
  }

  private func spawn(_ command: Command, deathSignal: CInt) throws(Interruption) -> pid_t {
    do throws(ServiceFailure) {
      let log = try Descriptor.open(logPath, O_WRONLY | O_CREAT | O_APPEND)
      let null = try Descriptor.open("/dev/null", O_RDONLY)
      return try command.start(
        directory: directory.path, streams: .init(input: null, output: log, error: log), deathSignal: deathSignal)
    } catch {
      throw .failure(error.message)
    }
  }

  /// A failure to start, with the end of the log.
  private func failure(_ reason: String) -> Interruption {
    .failure("\(server.software) did not start: \(reason)" + LogExcerpt(of: logPath).text)
  }
}
