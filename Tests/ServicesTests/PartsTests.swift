import Foundation
import Testing

@testable import Services

/// The parts that need no server.
@Suite struct PartsTests {
  @Test(arguments: [
    GuardMessage.directory("/tmp/contend-redis-abc"), .ready([12, 0, 345]), .ready([]), .failed("two\nlines"),
    .ended("killed by signal 9"),
  ])
  func messagesSurviveThePipe(message: GuardMessage) throws {
    let pipe = try Descriptor.pipe()
    let bytes = message.bytes + GuardMessage.ready([7]).bytes
    // In two pieces, so that a message is put together from several reads.
    #expect(write(pipe.writing.number, bytes, 1) == 1)
    var messages = GuardMessages(from: pipe.reading)
    #expect(messages.next(until: .now) == nil)
    #expect(!messages.hasEnded)
    #expect(write(pipe.writing.number, Array(bytes.dropFirst()), bytes.count - 1) == bytes.count - 1)
    pipe.writing.close()
    #expect(messages.next(until: .now) == message)
    #expect(messages.next(until: .now) == .ready([7]))
    #expect(messages.next(until: .now) == nil)
    #expect(messages.hasEnded)
  }

  @Test func argumentsSurviveTheCommandLine() {
    let arguments = GuardArguments(
      service: "redis", maximumClients: 5, programFolder: "/usr/bin", preparation: .ownClock, parents: ["/a b", "/tmp"])
    #expect(GuardArguments(arguments.words) == arguments)
    #expect(GuardArguments(Array(arguments.words.prefix(5))) == nil)
  }

  @Test func clocksAreWrittenAtOneLength() {
    #expect(ServerClock.text(.zero) == "+000000000000.000s\n")
    #expect(ServerClock.text(.milliseconds(90_061_007)) == "+000000090061.007s\n")
    #expect(ServerClock.text(.milliseconds(-20)) == "-000000000000.020s\n")
  }

  @Test func versionsAreReadFromTheProgramsAnswers() {
    #expect(ManagedPostgres().version(in: "postgres (PostgreSQL) 17beta1 (Debian 17)\n") == "17beta1")
    #expect(ManagedPostgres().version(in: "something else") == nil)
    #expect(ManagedRedis().version(in: "Redis server v=6.2.14 sha=0:0 malloc=libc") == "6.2.14")
    #expect(ManagedRedis().version(in: "") == nil)
  }

  @Test func removalFollowsNoSymbolicLink() throws {
    let outside = try Support.folder(scripts: ["precious": "text"])
    defer { PrivateDirectory(path: outside).remove() }
    let inside = try Support.folder(scripts: ["file": "text"])
    #expect(mkdir(inside + "/deep", 0o700) == 0 && mkdir(inside + "/deep/deeper", 0o700) == 0)
    #expect(symlink(outside, inside + "/deep/link") == 0)
    #expect(PrivateDirectory(path: inside).remove())
    #expect(!Support.exists(inside))
    #expect(Support.exists(outside + "/precious"))
    // A link in the place of the directory itself is not followed either.
    #expect(symlink(outside, inside) == 0)
    #expect(!PrivateDirectory(path: inside).remove())
    #expect(Support.exists(outside + "/precious"))
    unlink(inside)
  }

  @Test func processNamesMayHoldAnything() throws {
    let folder = try Support.folder(scripts: [:])
    defer { PrivateDirectory(path: folder).remove() }
    let program = folder + "/a) Z 1 (b"
    try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: program)
    let null = try Descriptor.open("/dev/null", O_RDWR)
    let process = try Command(path: program, arguments: ["30"]).start(
      directory: "/", streams: .init(input: null, output: null, error: null))
    defer {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    let entry = try #require(ProcessTree.Entry(process: process))
    #expect(entry.parent == getpid())
    #expect(!entry.isZombie)
    #expect(ProcessTree.descendants(of: getpid()).contains { $0.process == process })
  }

  @Test func cpuTimeOfAnEndedChildIsNotLost() throws {
    let null = try Descriptor.open("/dev/null", O_RDWR)
    let loop = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"
    let process = try Command(path: "/bin/sh", arguments: ["-c", loop]).start(
      directory: "/", streams: .init(input: null, output: null, error: null))
    defer { waitpid(process, nil, 0) }
    // Nobody has waited for it yet, so that its time is in no other account.
    #expect(Support.eventually(within: .seconds(20)) { !Support.isRunning(process) })
    let entry = ProcessTree.descendants(of: getpid()).first { $0.process == process }
    #expect(entry?.isZombie == true)
    #expect(entry?.cpuSeconds(ticksPerSecond: 100) ?? 0 > 0.001)
  }

  @Test func whatEndedBetweenTwoMomentsDoesNotHideWhatOthersUsed() {
    typealias Times = ProgramTimes.Times
    let before = ProgramTimes([
      1: Times(parent: 0, own: 5, ended: 100), 2: Times(parent: 1, own: 3000, ended: 40),
      3: Times(parent: 1, own: 7, ended: 0), 4: Times(parent: 7, own: 500, ended: 0),
    ])
    // 2 was waited for by 1, 4 by nobody; 3 burns, 5 is new.
    let after = ProgramTimes([
      1: Times(parent: 0, own: 5.5, ended: 3141), 3: Times(parent: 1, own: 9, ended: 0),
      5: Times(parent: 1, own: 0.25, ended: 0),
    ])
    #expect(after.used(since: before) == 0.5 + 1 + 2 + 0.25)
    #expect(before.used(since: before) == 0)
  }

  @Test func programThatDoesNotEndIsGivenUp() {
    let begin = ContinuousClock.now
    #expect(Command(path: "/bin/sleep", arguments: ["30"]).output(patience: .milliseconds(50)) == nil)
    #expect(begin.duration(to: .now) < .seconds(10))
    #expect(Command(path: "/bin/echo", arguments: ["text"]).output() == "text\n")
    #expect(Command(path: "/bin/false").output() == nil)
    #expect(Command(path: "/nonexistent").output() == nil)
  }

  @Test func logExcerptIsTheEndOfTheFile() throws {
    let long = (1...2000).map { "line \($0)" }.joined(separator: "\n")
    let folder = try Support.folder(scripts: ["long": long, "short": "only\n", "empty": ""])
    defer { PrivateDirectory(path: folder).remove() }
    #expect(LogExcerpt(of: folder + "/long", lines: 2).text == "; its log ends:\n  line 1999\n  line 2000")
    #expect(LogExcerpt(of: folder + "/short").text == "; its log ends:\n  only")
    #expect(LogExcerpt(of: folder + "/empty").text == "")
    #expect(LogExcerpt(of: folder + "/missing").text == "")
  }

  @Test func childrenInheritNothingButTheirStreams() throws {
    let pipe = try Descriptor.pipe()
    let null = try Descriptor.open("/dev/null", O_RDWR)
    // Deliberately without O_CLOEXEC.
    let leak = open("/dev/null", O_RDONLY)
    defer { close(leak) }
    let process = try Command(path: "/bin/ls", arguments: ["/proc/self/fd"]).start(
      directory: "/", streams: .init(input: null, output: pipe.writing, error: null))
    pipe.writing.close()
    // Number 3 is the one that ls itself opens.
    #expect(readText(from: pipe.reading.number, limit: 100) == "0\n1\n2\n3\n")
    waitpid(process, nil, 0)
  }
}
