import Foundation
import Testing

@testable import Services

/// Servers never outlive their driver, and no end of any process leaves something behind.
@Suite(.serialized) struct GuardTests {
  /// A guard whose driver is a process that only holds the pipe.
  struct Guarded {
    let driver: pid_t
    let guardProcess: pid_t
    var messages: GuardMessages

    init(_ name: String) throws {
      let folder = try #require(ManagedServers.named(name)).programFolder()
      let input = try Descriptor.pipe()
      let output = try Descriptor.pipe()
      let null = try Descriptor.open("/dev/null", O_RDWR)
      driver = try Command(path: "/bin/sleep", arguments: ["60"]).start(
        directory: "/", streams: .init(input: null, output: input.writing, error: null))
      let arguments = GuardArguments(service: name, maximumClients: 10, programFolder: folder, parents: ["/tmp"])
      guardProcess = try Command(path: Support.contend, arguments: ["guard"] + arguments.words).start(
        directory: "/", streams: .init(input: input.reading, output: output.writing, error: null), leadsSession: true)
      messages = GuardMessages(from: output.reading)
    }

    mutating func directory() throws -> String {
      guard case .directory(let path)? = messages.next(until: .now + .seconds(10)) else {
        throw ServiceFailure("the guard did not create a directory")
      }
      return path
    }

    mutating func isReady() -> Bool {
      if case .ready = messages.next(until: .now + .seconds(30)) { true } else { false }
    }

    func killDriver() {
      kill(driver, SIGKILL)
      waitpid(driver, nil, 0)
    }

    /// Waits for the guard; false, and it is killed, when it does not end in time.
    func endsWithin(_ limit: Duration) -> Bool {
      let ended = Support.eventually(within: limit) { !Support.isRunning(guardProcess) }
      if !ended { kill(guardProcess, SIGKILL) }
      waitpid(guardProcess, nil, 0)
      return ended
    }
  }

  @Test(arguments: Support.servers) func killedDriverTakesTheServerWithIt(name: String) throws {
    var guarded = try Guarded(name)
    let directory = try guarded.directory()
    let isReady = guarded.isReady()
    #expect(isReady)
    let processes = ProcessTree.descendants(of: guarded.guardProcess).map(\.process)
    #expect(!processes.isEmpty)
    guarded.killDriver()
    #expect(guarded.endsWithin(.seconds(6)))
    #expect(processes.filter(Support.isRunning) == [])
    #expect(!Support.exists(directory))
  }

  @Test func driverKilledDuringPreparationLeavesNothing() throws {
    var guarded = try Guarded("postgres")
    let directory = try guarded.directory()
    // initdb runs a server of its own for a while: the worst moment.
    var sharedMemory = SharedMemory()
    var processes: [pid_t] = []
    #expect(
      Support.eventually(within: .seconds(10)) {
        processes = ProcessTree.descendants(of: guarded.guardProcess).map(\.process)
        for process in processes { sharedMemory.add(from: process) }
        return !sharedMemory.files.isEmpty
      })
    guarded.killDriver()
    #expect(guarded.endsWithin(.seconds(6)))
    #expect(processes.filter(Support.isRunning) == [])
    #expect(!Support.exists(directory))
    expectReleased(sharedMemory)
  }

  @Test func serverKilledDuringPreparationLeavesNoSharedMemory() throws {
    var guarded = try Guarded("postgres")
    let directory = try guarded.directory()
    var sharedMemory = SharedMemory()
    var victim: pid_t?
    #expect(
      Support.eventually(within: .seconds(10)) {
        victim = ProcessTree.descendants(of: guarded.guardProcess).map(\.process).first { process in
          sharedMemory.add(from: process)
          return !sharedMemory.files.isEmpty
        }
        return victim != nil
      })
    // The guard, too, has been told by then.
    usleep(20_000)
    if let victim { kill(victim, SIGKILL) }
    guard case .failed(let reason)? = guarded.messages.next(until: .now + .seconds(10)) else {
      Issue.record("initdb did not fail")
      return
    }
    #expect(reason.contains("initdb failed"))
    guarded.killDriver()
    #expect(guarded.endsWithin(.seconds(6)))
    #expect(!Support.exists(directory))
    expectReleased(sharedMemory)
  }

  @Test func guardKilledDuringPreparationLeavesNothing() throws {
    let starting = try StartingService(ManagedPostgres(), Support.options)
    var sharedMemory = SharedMemory()
    var processes: [pid_t] = []
    #expect(
      Support.eventually(within: .seconds(10)) {
        processes = ProcessTree.descendants(of: starting.guardProcess.process).map(\.process)
        for process in processes { sharedMemory.add(from: process) }
        return !sharedMemory.files.isEmpty
      })
    kill(starting.guardProcess.process, SIGKILL)
    #expect(throws: ServiceFailure.self) { try starting.waitUntilReady() }
    #expect(processes.filter(Support.isRunning) == [])
    #expect(starting.guardProcess.directory.map { Support.exists($0.path) } == false)
    expectReleased(sharedMemory)
  }

  @Test func guardIgnoresTheSignalsOfATerminal() throws {
    var guarded = try Guarded("redis")
    let directory = try guarded.directory()
    let isReady = guarded.isReady()
    #expect(isReady)
    for signal in [SIGINT, SIGTERM, SIGHUP] { kill(guarded.guardProcess, signal) }
    usleep(200_000)
    #expect(ProcessTree.descendants(of: guarded.guardProcess).count == 1)
    #expect(getsid(guarded.guardProcess) == guarded.guardProcess)
    guarded.killDriver()
    #expect(guarded.endsWithin(.seconds(6)))
    #expect(!Support.exists(directory))
  }

  @Test(arguments: Support.servers) func killedGuardTakesTheServerWithIt(name: String) throws {
    let service = try Support.start(name)
    let directory = try Support.directory(of: service)
    let processes = service.processIDs()
    let server = try #require(processes.first)
    let guardProcess = try #require(ProcessTree.Entry(process: server)).parent
    kill(guardProcess, SIGKILL)
    #expect(Support.eventually(within: .seconds(6)) { processes.filter(Support.isRunning).isEmpty })
    #expect(service.hasDied()?.contains("its guard process was killed") == true)
    service.stop()
    #expect(!Support.exists(directory))
  }

  @Test func aClockOfItsOwnJumpsAndLeavesNothing() throws {
    var options = Support.options
    options.preparations = ["redis": .ownClock]
    let service = try Support.start("redis", options)
    let process = try #require(service.processIDs().first)
    func ahead() throws -> Int {
      let answer = try #require(try Support.redis(service.url, "TIME"))
      return try #require(Int(answer.prefix { $0.isNumber })) - time(nil)
    }
    #expect((-1...1).contains(try ahead()))
    #expect(try Support.redis(service.url, "SET", "lease", "mine", "PX", "60000") == "OK")
    try service.shiftClock(by: .seconds(59))
    #expect(try Support.redis(service.url, "EXISTS", "lease") == "1")
    try service.shiftClock(by: .seconds(3600))
    #expect(try Support.redis(service.url, "EXISTS", "lease") == "0")
    #expect((3658...3660).contains(try ahead()))
    try service.shiftClock(by: .seconds(-4000))
    #expect((-342...(-340)).contains(try ahead()))
    // The library shares memory, which a killed guard would not remove.
    kill(try #require(ProcessTree.Entry(process: process)).parent, SIGKILL)
    #expect(Support.eventually(within: .seconds(6)) { !Support.isRunning(process) })
    let left = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/shm")) ?? []
    #expect(left.filter { $0.hasSuffix("_\(process)") } == [])
    service.stop()
  }

  @Test(arguments: ["postgres", "redis"]) func deathOfTheServerIsReportedWithItsLog(name: String) throws {
    let service = try Support.start(name)
    let directory = try Support.directory(of: service)
    let processes = service.processIDs()
    let server = try #require(processes.first)
    // PostgreSQL's children take shared memory of their own a moment after it is ready.
    usleep(1_300_000)
    var sharedMemory = SharedMemory()
    for process in service.processIDs() { sharedMemory.add(from: process) }
    kill(server, SIGKILL)
    #expect(Support.eventually(within: .seconds(6)) { service.hasDied() != nil })
    let message = try #require(service.hasDied())
    #expect(message.hasPrefix("\(name) ended by itself: killed by signal 9; its log ends:\n"))
    #expect(message.contains("ready to accept connections"))
    #expect(processes.filter(Support.isRunning) == [])
    service.stop()
    #expect(!Support.exists(directory))
    if name == "postgres" { #expect(!sharedMemory.files.isEmpty && !sharedMemory.segments.isEmpty) }
    expectReleased(sharedMemory)
  }

  @Test(arguments: Support.servers) func pausedServerIsStopped(name: String) throws {
    let service = try Support.start(name)
    let directory = try Support.directory(of: service)
    let processes = service.processIDs()
    for process in processes { kill(process, SIGSTOP) }
    let begin = ContinuousClock.now
    service.stop()
    #expect(begin.duration(to: .now) < .seconds(3))
    #expect(processes.filter(Support.isRunning) == [])
    #expect(!Support.exists(directory))
  }

  @Test func orphansOfTheServerAreEndedToo() throws {
    let real = try ManagedRedis().programFolder() + "/redis-server"
    // In a session of its own and with its parent gone, as a daemon would be.
    let script = "#!/bin/sh\n[ $# -lt 2 ] || (setsid sleep 30 &)\nexec \(real) \"$@\"\n"
    let folder = try Support.folder(scripts: ["redis-server": script])
    defer { PrivateDirectory(path: folder).remove() }
    var options = Support.options
    options.programFolders = [folder]
    let service = try Support.start("redis", options)
    let processes = service.processIDs()
    #expect(processes.count == 2)
    service.stop()
    #expect(processes.filter(Support.isRunning) == [])
  }

  private func expectReleased(_ sharedMemory: SharedMemory) {
    #expect(sharedMemory.files.filter(Support.exists) == [])
    for segment in sharedMemory.segments {
      var details = shmid_ds()
      #expect(shmctl(segment, IPC_STAT, &details) == -1)
    }
  }

  @Test func strangersAreTurnedAway() throws {
    for words in [[], ["redis"], ["redis", "many", "/usr/bin", "/tmp"], ["oracle", "1", "/usr/bin", "/tmp"]] {
      let null = try Descriptor.open("/dev/null", O_RDWR)
      let process = try Command(path: Support.contend, arguments: ["guard"] + words).start(
        directory: "/", streams: .init(input: null, output: null, error: null))
      var status: CInt = 0
      waitpid(process, &status, 0)
      #expect(describeExit(status) == "exit status 64")
    }
  }
}
