import Glibc
import Testing

@testable import Hosts

/// Commands that are started, and what is left of them.
@Suite struct LaunchedJobTests {
  func shell(_ script: String, environment: [String: String] = [:], input: [UInt8] = []) throws -> LaunchedJob {
    try LaunchedJob(LaunchCommand(arguments: ["sh", "-c", script], environment: environment, input: input))
  }

  /// Reads until the command and all that writes for it have ended.
  func readAll(_ job: LaunchedJob) throws {
    while job.descriptor >= 0 {
      try waitForInput(job.descriptor)
      job.readMessages()
    }
  }

  /// Reads until the command has said so many lines.
  func waitForLines(_ count: Int, of job: LaunchedJob) throws {
    while job.lastLines.count < count {
      try waitForInput(job.descriptor)
      job.readMessages()
    }
  }

  func waitForEnd(_ job: LaunchedJob) throws {
    for _ in 0..<10_000 where !job.hasEnded() { usleep(1000) }
    try #require(job.hasEnded())
  }

  /// Whether a process runs: not one that has ended and waits to be reaped.
  func isRunning(_ process: Int32) -> Bool {
    guard let file = fopen("/proc/\(process)/stat", "r") else { return false }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    guard fgets(&line, 512, file) != nil else { return false }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.split(separator: ")").last?.split(separator: " ").first != "Z"
  }

  @Test func whatItSaysIsKept() throws {
    let job = try shell("echo one; echo two >&2; for i in $(seq 60); do echo $i; done; printf 'no end'; exit 3")
    try readAll(job)
    try waitForEnd(job)
    #expect(job.exitStatus == 3)
    #expect(job.lastLines.count == 40)
    #expect(job.lastLines.last == "no end")
    #expect(job.lastLines.first == "22")
    job.end()
    #expect(job.exitStatus == 3)
  }

  @Test func theTokenIsNotShown() throws {
    let token = RunToken.random()
    let one = try shell("echo \"got $CONTEND_TOKEN.\"", environment: ["CONTEND_TOKEN": token.text])
    try readAll(one)
    #expect(one.lastLines == ["got ***."])
    let two = try shell("cat; echo end", input: Array((token.text + "\n").utf8))
    try readAll(two)
    #expect(two.lastLines == ["***", "end"])
  }

  @Test func variablesAreAddedToOurs() throws {
    let path = try #require(getenv("PATH").map { String(cString: $0) })
    let theirs = ["PATH": path + ":/theirs", "CONTEND_HOSTS": "3"]
    let job = try shell("env | grep -c '^PATH='; echo $PATH $CONTEND_HOSTS; env | wc -l", environment: theirs)
    try readAll(job)
    #expect(job.lastLines.prefix(2) == ["1", "\(path):/theirs 3"])
    // Ours are there, too.
    let count = try #require(job.lastLines.last.flatMap { Int($0) })
    #expect(count > 3)
  }

  @Test func endingReachesTheWholeGroup() throws {
    // The command hears SIGTERM; what it has started does not.
    let job = try shell("trap 'exit 7' TERM; (trap '' TERM; exec sleep 1000) & echo $!; wait")
    try waitForLines(1, of: job)
    let below = try #require(Int32(job.lastLines[0]))
    #expect(isRunning(below))
    #expect(!job.hasEnded())
    job.end()
    #expect(job.exitStatus == 7)
    for _ in 0..<5000 where isRunning(below) { usleep(1000) }
    #expect(!isRunning(below))
    #expect(kill(job.id, 0) != 0)
  }

  @Test func whoDoesNotHearIsKilled() throws {
    let job = try shell("trap '' TERM; echo ready; while :; do sleep 1; done")
    try waitForLines(1, of: job)
    job.end()
    #expect(job.exitStatus == 137)
  }

  @Test func lettingGoEndsIt() throws {
    var job: LaunchedJob? = try shell("echo ready; exec sleep 1000")
    let id = try #require(job).id
    try waitForLines(1, of: try #require(job))
    #expect(isRunning(id))
    job = nil
    #expect(kill(id, 0) != 0)
  }

  @Test func itEndsWithTheThreadThatStartedIt() throws {
    // The kernel does the same when a driver is killed.
    let job = try Beside { try self.shell("exec sleep 1000") }.value()
    try waitForEnd(job)
    #expect(job.exitStatus == 143)
  }

  @Test func whatCannotBeRunIsSaid() {
    let failure = #expect(throws: HostFailure.self) {
      try LaunchedJob(LaunchCommand(arguments: ["contend-no-such-engine", "-n", "1"]))
    }
    #expect(failure?.kind == .unavailable)
    #expect(failure?.message.contains("'contend-no-such-engine'") == true)
    #expect(throws: HostFailure.self) { try LaunchedJob(LaunchCommand(arguments: ["/etc/passwd"])) }
    #expect(throws: HostFailure.self) { try LaunchedJob(LaunchCommand(arguments: [])) }
    #expect(throws: HostFailure.self) {
      try LaunchedJob(LaunchCommand(arguments: ["true"], input: [UInt8](repeating: 0, count: 5000)))
    }
  }
}
