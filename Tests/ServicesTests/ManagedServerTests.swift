import Foundation
import Testing

@testable import Services

/// Real servers, started and used as a run does.
@Suite(.serialized) struct ManagedServerTests {
  @Test func postgresAnswersStatements() throws {
    let service = try Support.start("postgres")
    defer { service.stop() }
    #expect(try Support.psql(service.url, "select 1") == "1")
    #expect(try Support.psql(service.url, "select current_user") == "contend")
    #expect(service.serverVersion.split(separator: ".").first.flatMap { Int($0) } ?? 0 >= 12)
    #expect(try Support.psql(service.url, "show server_version")?.hasPrefix(service.serverVersion) == true)
    #expect(service.hasDied() == nil)
  }

  @Test func postgresKeepsDurabilityAndListensOnNoPort() throws {
    var options = Support.options
    options.maximumClients = 37
    let service = try Support.start("postgres", options)
    defer { service.stop() }
    let expected = [
      "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "listen_addresses": "", "autovacuum": "on",
      "max_connections": "37", "max_prepared_transactions": "37", "deadlock_timeout": "1s", "shared_buffers": "128MB",
      "server_encoding": "UTF8", "lc_collate": "C",
    ]
    for (name, value) in expected { #expect(try Support.psql(service.url, "show \(name)") == value, "\(name)") }
    for setting in service.settings {
      #expect(try Support.psql(service.url, "show \(setting.name)") == setting.value, "\(setting.name)")
    }
  }

  @Test func redisAnswersCommands() throws {
    var options = Support.options
    options.maximumClients = 41
    let service = try Support.start("redis", options)
    defer { service.stop() }
    #expect(try Support.redis(service.url, "PING") == "PONG")
    #expect(try Support.redis(service.url, "CONFIG", "GET", "maxclients") == "maxclients\n41")
    #expect(try Support.redis(service.url, "CONFIG", "GET", "port") == "port\n0")
    #expect(try Support.redis(service.url, "CONFIG", "GET", "save") == "save\n3600 1 300 100 60 10000")
    #expect(
      try Support.redis(service.url, "INFO", "server")?.contains("redis_version:\(service.serverVersion)") == true)
  }

  @Test(arguments: Support.servers)
  func runsAsAnUnprivilegedAccountWithACleanEnvironment(name: String) throws {
    let service = try Support.start(name)
    defer { service.stop() }
    let expected = geteuid() == 0 ? try user(running: name) : geteuid()
    #expect(expected != 0)
    #expect(!service.processIDs().isEmpty)
    for process in service.processIDs() {
      let status = try #require(readFile("/proc/\(process)/status", limit: 4096))
      let users = status.split(separator: "\n").first { $0.hasPrefix("Uid:") }?.split(separator: "\t").dropFirst()
      #expect(users.map(Array.init) == Array(repeating: "\(expected)", count: 4))
    }
    let server = try #require(service.processIDs().first)
    let environment = try #require(readFile("/proc/\(server)/environ", limit: 8192))
    let names = Set(environment.split(separator: "\0").compactMap { $0.split(separator: "=").first.map(String.init) })
    // The server adds some of its own; what matters is that nothing of ours goes in.
    #expect(names.isDisjoint(with: ["HOME", "USER", "PGPASSWORD", "PGPORT", "REDISCLI_AUTH"]))
    var details = stat()
    #expect(stat(try Support.directory(of: service), &details) == 0)
    #expect(details.st_mode & 0o777 == 0o700)
    #expect(details.st_uid == expected)
  }

  private func user(running name: String) throws -> uid_t {
    let account = try #require(ManagedServers.named(name)?.account)
    return try #require(Account(named: account)).user
  }

  @Test(arguments: Support.servers) func stopLeavesNothing(name: String) throws {
    let service = try Support.start(name)
    let directory = try Support.directory(of: service)
    let processes = service.processIDs()
    #expect(Support.exists(directory))
    service.stop()
    #expect(!Support.exists(directory))
    #expect(processes.filter(Support.isRunning) == [])
    #expect(service.processIDs() == [])
    #expect(service.cpuSeconds() == 0)
    #expect(service.hasDied() == nil)
    service.stop()
  }

  @Test(arguments: ["postgres", "redis", "redlock", "etcd"]) func aServerIsKilledAndStartedAgain(name: String) throws {
    let service = try Support.start(name)
    defer { service.stop() }
    let directory = try Support.directory(of: service)
    let first = service.processIDs()
    let used = service.cpuSeconds()
    try service.kill()
    #expect(Support.eventually(within: .seconds(10)) { service.processIDs().isEmpty })
    #expect(first.filter(Support.isRunning) == [])
    // It was asked for, and what it has left stays.
    #expect(service.hasDied() == nil && Support.exists(directory))
    // Time of processes that have ended is known by the tick.
    #expect(service.cpuSeconds() > used - 0.05)
    try service.restart()
    try service.waitUntilUp()
    #expect(!service.processIDs().isEmpty && service.hasDied() == nil)
    if name == "postgres" { #expect(try Support.psql(service.url, "select 1") == "1") }
    if name == "redis" { #expect(try Support.redis(service.url, "PING") == "PONG") }
    // From now on its end is news again.
    for process in service.processIDs() { kill(process, SIGKILL) }
    #expect(Support.eventually(within: .seconds(10)) { service.hasDied() != nil })
    #expect(throws: ServiceFailure.self) {
      try service.kill(); try service.waitUntilUp()
    }
    service.stop()
    #expect(!Support.exists(directory))
  }

  @Test(arguments: ["redlock", "etcd-ensemble"]) func aMemberIsKilledAndTheOthersRunOn(name: String) throws {
    let service = try Support.start(name)
    defer { service.stop() }
    let directory = try Support.directory(of: service)
    let before = (0..<service.memberCount).map { service.processIDs(of: $0) }
    #expect(before.count >= 3 && before.allSatisfy { $0.count == 1 })
    try service.kill(member: 1)
    #expect(Support.eventually(within: .seconds(10)) { service.processIDs(of: 1).isEmpty })
    #expect(throws: ServiceFailure.self) { try service.pause(member: 1) }
    try service.pause(member: 2)
    #expect(Support.eventually(within: .seconds(5)) { ProcessTree.Entry(process: before[2][0])?.isStopped == true })
    #expect(ProcessTree.Entry(process: before[0][0])?.isStopped == false)
    service.resume(member: 2)
    #expect(service.hasDied() == nil)
    try service.restart(member: 1)
    try service.waitUntilUp()
    let after = (0..<service.memberCount).map { service.processIDs(of: $0) }
    #expect(after[0] == before[0] && after[2] == before[2])
    #expect(after[1].count == 1 && after[1] != before[1])
    // All but one may be gone before any is back, and the last one may be paused when it is to end.
    try service.shutDown(member: 0)
    try service.kill(member: 1)
    try service.restart(member: 1)
    try service.restart(member: 0)
    try service.waitUntilUp()
    #expect(name == "redlock" || service.leader() != nil)
    try service.pause(member: 2)
    let last = service.processIDs()
    service.stop()
    #expect(last.filter(Support.isRunning) == [] && !Support.exists(directory))
  }

  @Test func aMemberThatEndsByItselfIsReported() throws {
    let service = try Support.start("redlock")
    defer { service.stop() }
    let member = try #require(service.processIDs(of: 3).first)
    kill(member, SIGKILL)
    #expect(Support.eventually(within: .seconds(10)) { service.hasDied() != nil })
    #expect(service.processIDs().isEmpty)
  }

  @Test func aPausedServerGoesOnOrEnds() throws {
    let service = try Support.start("postgres")
    let directory = try Support.directory(of: service)
    let states = { service.processIDs().map { ProcessTree.Entry(process: $0)?.isStopped } }
    try service.pause()
    #expect(Support.eventually(within: .seconds(5)) { states().allSatisfy { $0 == true } })
    service.resume()
    #expect(Support.eventually(within: .seconds(5)) { states().allSatisfy { $0 == false } })
    #expect(try Support.psql(service.url, "select 1") == "1")
    try service.pause()
    service.stop()
    #expect(!Support.exists(directory) && service.processIDs().isEmpty)
  }

  @Test func lettingGoStopsToo() throws {
    var service: RunningService? = try Support.start("redis")
    let directory = try Support.directory(of: #require(service))
    let processes = service?.processIDs() ?? []
    service = nil
    #expect(!Support.exists(directory))
    #expect(processes.filter(Support.isRunning) == [])
  }

  @Test func twoServersAreApart() throws {
    let first = try Support.start("redis")
    let second = try Support.start("redis")
    defer { second.stop() }
    #expect(first.url != second.url)
    #expect(try Support.redis(first.url, "SET", "key", "1") == "OK")
    #expect(try Support.redis(second.url, "EXISTS", "key") == "0")
    // If the second guard had inherited the first one's pipe, the first would not notice and be killed after 10 s.
    let begin = ContinuousClock.now
    first.stop()
    #expect(begin.duration(to: .now) < .seconds(6))
    #expect(try Support.redis(second.url, "PING") == "PONG")
  }

  @Test func cpuTimeIsThatOfTheServer() throws {
    let service = try Support.start("postgres")
    defer { service.stop() }
    let before = service.cpuSeconds()
    // The backend ends with its connection, so that its time is found in the postmaster's account of its children.
    _ = try Support.psql(service.url, "select sum(i) from generate_series(1, 3000000) i")
    let used = service.cpuSeconds() - before
    #expect(used > 0.05)
    #expect(used < 20)
  }

  @Test func pinningReachesEveryThread() throws {
    let service = try Support.start("redis")
    defer { service.stop() }
    service.pin(to: 1)
    let process = try #require(service.processIDs().first)
    let threads = namesOfFiles(in: "/proc/\(process)/task").compactMap { pid_t($0) }
    #expect(threads.count > 1)
    for thread in threads {
      let status = readFile("/proc/\(process)/task/\(thread)/status", limit: 4096)
      #expect(status?.contains("Cpus_allowed_list:\t0\n") == true)
    }
  }
}
