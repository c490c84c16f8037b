internal import Glibc

/// The life of one server under its guard: prepared, started, watched, stopped, removed.
struct GuardedServer {
  /// Why the server does not run.
  enum Interruption: Error {
    case driverGone
    case failure(String)
  }

  /// Members that were started again and are not ready yet.
  private struct Awaited {
    var members: Set<Int>
    /// How often the driver has asked, each of which is answered.
    var requests: Int
    var deadline: ContinuousClock.Instant
    var pause = GuardedServer.shortestPause
  }

  /// How long preparation may take, and after it the wait for the first answer.
  private static let startingPatience = Duration.seconds(30)
  /// Microseconds from the making of shared memory until it is mapped.
  private static let mappingTime: UInt32 = 1000
  /// Between two looks whether a server is ready, which becomes longer.
  private static let shortestPause = Duration.milliseconds(2)
  private static let longestPause = Duration.milliseconds(20)

  let server: any ManagedServer
  let arguments: GuardArguments
  let directory: PrivateDirectory
  var events: GuardEvents
  /// By member, the process that it is; nil before it starts, and after it was ended on request. Empty for an embedded
  /// store.
  var processes: [pid_t?] = []
  /// What runs beside the server.
  private var companions: [pid_t] = []
  private var awaited: Awaited?
  /// Nil where nobody wants to separate members.
  private var peers: PeerProxies?
  var sharedMemory = SharedMemory()
  /// Every process that was started here.
  private var started: Set<pid_t> = []

  private var settings: [ServiceSetting] { server.settings(maximumClients: arguments.maximumClients) }
  var logPath: String { directory.file(PrivateDirectory.logName) }

  private func commands() throws(Interruption) -> [Command] {
    var commands = server.commands(in: directory, programs: arguments.programFolder, settings: settings)
    guard arguments.preparation.contains(.ownClock) else { return commands }
    do throws(ServiceFailure) {
      for member in commands.indices {
        commands[member].environment += try ServerClock(of: member, in: directory).environment()
      }
    } catch {
      throw .failure(error.message)
    }
    return commands
  }

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
      noteSharedMemory()
      reportReady()
      watch()
    } catch {
      if case .failure(let reason) = error { failure = reason }
    }
    stop(Array(processes.indices))
    endRemaining()
    sharedMemory.addOrphans(of: started)
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
      if arguments.preparation.contains(.ownClock) {
        for member in 0..<server.members {
          try directory.write(ServerClock.text(.zero), to: ServerClock.name(of: member))
        }
      }
      if arguments.preparation.contains(.separableMembers) { peers = try PeerProxies(between: server, in: directory) }
    } catch {
      throw .failure("\(server.software) did not start: \(error.message)")
    }
    try run(server.preparation(in: directory, programs: arguments.programFolder))
  }

  /// Runs commands to their end, one after the other.
  private mutating func run(_ commands: [Command]) throws(Interruption) {
    for command in commands {
      let process = try spawn(command, deathSignal: SIGKILL)
      let deadline = ContinuousClock.now + Self.startingPatience
      while events.ended[process] == nil { try waitWhileStarting(until: deadline) }
      if let status = events.ended[process], status != 0 {
        throw failure("\(command.path) failed (\(describeExit(status)))")
      }
      // Its processes are gone, and what one of them has left that was killed.
      sharedMemory.remove()
      sharedMemory = SharedMemory()
    }
  }

  /// Starts all members and waits until they answer.
  private mutating func start() throws(Interruption) {
    // While operations are measured, nobody is woken by what others on the machine do.
    events.watchesSharedMemory = true
    defer { events.watchesSharedMemory = false }
    try startCompanions()
    for command in try commands() { processes.append(try spawn(command, deathSignal: server.deathSignal)) }
    let deadline = ContinuousClock.now + Self.startingPatience
    var pause = Self.shortestPause
    while !(0..<server.members).allSatisfy({ server.isReady($0, in: directory) }) {
      let next = ContinuousClock.now + pause
      while ContinuousClock.now < next, unexpectedEnd == nil {
        try waitWhileStarting(until: deadline, atMost: next)
      }
      if let status = unexpectedEnd { throw failure("it ended while starting (\(describeExit(status)))") }
      pause = min(pause * 2, Self.longestPause)
    }
  }

  private func reportReady() { ServiceGuard.report(.ready(processes.map { $0 ?? 0 })) }

  /// Returns when the driver has gone. Tells it if the server ends before.
  private mutating func watch() {
    // Shared memory is noted in case somebody else kills the server: before this, and when its children have settled.
    var settling: ContinuousClock.Instant? = .now + .seconds(1)
    while !events.driverIsGone {
      if let instant = settling, ContinuousClock.now >= instant {
        noteSharedMemory()
        settling = nil
      }
      if let request = events.nextRequest() {
        meet(request)
      } else if let status = unexpectedEnd {
        giveUp((awaited == nil ? "" : "it ended while starting: ") + describeExit(status))
      } else if awaited != nil {
        lookWhetherReady()
      } else {
        events.wait(until: settling)
      }
    }
  }

  /// The server has ended although nobody asked it to. Nothing of it may go on working.
  private mutating func giveUp(_ reason: String) {
    endRemaining()
    ServiceGuard.report(.ended(reason))
    while !events.driverIsGone { events.wait(until: nil) }
  }

  // MARK: what the driver asks for

  private mutating func meet(_ request: GuardRequest) {
    let members = processes.indices.filter { request.member == nil || request.member == $0 }
    switch request.kind {
    case .kill, .stop:
      awaited?.members.subtract(members)
      if request.kind == .stop { stop(members) }
      if request.member == nil { endRemaining() } else { endRemaining(of: members) }
      ServiceGuard.report(.killed)
    case .start: startAgain(members)
    case .renew: renew()
    case .separate: peers?.separate(request.member, processes)
    case .join: peers?.join()
    }
  }

  /// Starts members on what they have left; that they are ready is told later.
  private mutating func startAgain(_ members: [Int]) {
    events.watchesSharedMemory = true
    do throws(Interruption) {
      let commands = try commands()
      try startCompanions()
      for member in members where commands.indices.contains(member) && processes[member] == nil {
        processes[member] = try spawn(commands[member], deathSignal: server.deathSignal)
      }
    } catch {
      if case .failure(let reason) = error { giveUp(reason) }
      return
    }
    peers?.processesHaveChanged(processes)
    let others = awaited
    awaited = Awaited(
      members: (others?.members ?? []).union(members), requests: (others?.requests ?? 0) + 1,
      deadline: .now + Self.startingPatience)
  }

  /// Starts all members on what a server finds that was just prepared.
  private mutating func renew() {
    awaited?.members = []
    endRemaining()
    do throws(Interruption) {
      try run(server.renewal(in: directory))
    } catch {
      if case .failure(let reason) = error { giveUp(reason) }
      return
    }
    startAgain(Array(processes.indices))
  }

  private mutating func lookWhetherReady() {
    guard var waiting = awaited else { return }
    noteTakenMemory()
    if waiting.members.allSatisfy({ server.isReady($0, in: directory) }) {
      awaited = nil
      events.watchesSharedMemory = false
      noteSharedMemory()
      for _ in 0..<waiting.requests { reportReady() }
    } else if ContinuousClock.now >= waiting.deadline {
      giveUp("it was started again and not ready after \(Self.startingPatience)")
    } else {
      events.wait(until: .now + waiting.pause)
      waiting.pause = min(waiting.pause * 2, Self.longestPause)
      awaited = waiting
    }
  }

  // MARK: starting

  /// Starts what runs beside the server, unless it does: who kills the whole server kills it, too.
  private mutating func startCompanions() throws(Interruption) {
    guard companions.allSatisfy({ events.ended[$0] != nil }) else { return }
    companions = []
    for command in server.companions(in: directory) { companions.append(try spawn(command, deathSignal: SIGKILL)) }
  }

  private mutating func waitWhileStarting(
    until deadline: ContinuousClock.Instant, atMost next: ContinuousClock.Instant? = nil
  ) throws(Interruption) {
    events.wait(until: min(deadline, next ?? deadline))
    noteTakenMemory()
    if events.driverIsGone { throw .driverGone }
    if ContinuousClock.now >= deadline { throw failure("it was not ready after \(Self.startingPatience)") }
  }

  private mutating func noteTakenMemory() {
    guard events.sharedMemoryWasTaken() else { return }
    // It is told when the file is made, and seen when it is mapped.
    usleep(Self.mappingTime)
    noteSharedMemory()
  }

  private mutating func spawn(_ command: Command, deathSignal: CInt) throws(Interruption) -> pid_t {
    do throws(ServiceFailure) {
      let log = try Descriptor.open(logPath, O_WRONLY | O_CREAT | O_APPEND)
      let null = try Descriptor.open("/dev/null", O_RDONLY)
      let process = try command.start(
        directory: directory.path, streams: .init(input: null, output: log, error: log), deathSignal: deathSignal)
      started.insert(process)
      return process
    } catch {
      throw .failure(error.message)
    }
  }

  /// A failure to start, with the end of the log.
  private func failure(_ reason: String) -> Interruption {
    .failure("\(server.software) did not start: \(reason)" + LogExcerpt(of: logPath).text)
  }
}
