import Foundation
import Glibc
import Testing

/// What can go wrong with hosts, on namespaces: nobody is accused falsely, nobody waits for ever, nothing stays.
@Suite struct HostFailureTests {
  private func joined(
    _ hosts: HostNamespaces, _ name: String, load: String = "duration: 2s", _ arguments: [String] = []
  ) throws -> (run: HostedRun, agents: [HostProgram]) {
    let run = try HostedRun(hosts, name, strategies: ["redis.lock"], load: load, faults: "[]", arguments)
    let words = try run.joiningWords()
    let agents = try (1...3).map { try run.join($0, words, log: "\(name)-agent\($0).log") }
    return (run, agents)
  }

  @Test("a host that is cut off in mid-window is noticed, and its trial has no verdict")
  func cut() throws {
    let hosts = try HostNamespaces(4)
    let (run, agents) = try joined(hosts, "cut", load: "duration: 3s", ["--set", "workload.hold=1ms"])
    try waitUntil("workers are at it", pause: 10_000, atMost: 60) { hosts.workers(on: 2) > 0 }
    usleep(1_000_000)
    try hosts.cut(2)
    // 3, because nobody took the place of the one that was lost and the only trial has no verdict.
    #expect(try run.status(within: 60) == 3, "\(run.log)")
    #expect(run.log.contains("was lost"), "\(run.log)")
    let trial = try #require(try run.rows(of: "trials.csv").first)
    #expect(trial["verdict"] == "unknown", "\(trial)")
    #expect(try run.rows(of: "hosts.csv").filter { $0["is_lost"] == "true" }.count == 1)
    // Cut off from the driver, the agent stops its workers by itself.
    try waitUntil("the agent that was cut off has ended", pause: 50_000, atMost: 60) { !agents[1].isRunning }
    #expect(agents[1].status == 75)
    #expect(hosts.workers(on: 2) == 0)
  }

  @Test("a driver that is killed takes its agents with it")
  func driverDies() throws {
    let hosts = try HostNamespaces(4)
    let (run, agents) = try joined(hosts, "killed", load: "duration: 20s")
    try waitUntil("workers are at it", pause: 10_000, atMost: 60) { (1...3).allSatisfy { hosts.workers(on: $0) > 0 } }
    run.driver.signal(SIGKILL)
    try waitUntil("the agents have ended", pause: 50_000, atMost: 60) { !agents.contains(where: \.isRunning) }
    #expect(agents.map(\.status) == [75, 75, 75])
    #expect((1...3).allSatisfy { hosts.workers(on: $0) == 0 })
  }

  @Test("who does not know the secret, comes too late or for a place that is taken is turned away with a sentence")
  func turnedAway() throws {
    let hosts = try HostNamespaces(4)
    let run = try HostedRun(hosts, "foreign", strategies: ["redis.lock"], load: "duration: 2s", faults: "[]", count: 2)
    let words = try run.joiningWords()
    let secret = try hosts.write(String(repeating: "0", count: 64) + "\n", to: "wrong-token", mode: 0o600)
    let stranger = try run.join(3, Array(words.dropLast()) + [secret], log: "stranger.log")
    try stranger.wait()
    #expect(
      stranger.status == 69 && hosts.text(of: "stranger.log").contains("token"),
      "\(hosts.text(of: "stranger.log"))")
    let other = try hosts.otherProgram()
    let foreigner = try hosts.start(on: 3, [other] + words, log: "foreigner.log")
    #expect(try foreigner.wait() == 69)
    #expect(hosts.text(of: "foreigner.log").contains("another executable"), "\(hosts.text(of: "foreigner.log"))")
    let first = try run.join(1, words, log: "first.log", behind: ["env", "CONTEND_RANK=0"])
    try waitUntil("the first one has joined", pause: 10_000, atMost: 60) { run.log.contains("has joined") }
    let doubled = try run.join(3, words, log: "doubled.log", behind: ["env", "CONTEND_RANK=0"])
    try doubled.wait()
    #expect(doubled.status == 69)
    #expect(hosts.text(of: "doubled.log").contains("place 0 is taken"), "\(hosts.text(of: "doubled.log"))")
    let second = try run.join(2, words, log: "second.log")
    try waitUntil("workers are at it", pause: 10_000, atMost: 60) { hosts.workers(on: 1) > 0 }
    let late = try run.join(3, words, log: "late.log")
    try late.wait()
    #expect(late.status == 69)
    #expect(hosts.text(of: "late.log").contains("a trial is running"), "\(hosts.text(of: "late.log"))")
    #expect(try run.status() == 0, "\(run.log)")
    for agent in [first, second] { try agent.wait() }
    #expect(run.log.contains("was turned away"))
  }

  @Test("a connection that breaks in mid-window disturbs nothing: the agent comes back with all that it has")
  func reconnection() throws {
    let hosts = try HostNamespaces(4)
    let (run, agents) = try joined(hosts, "broken", load: "duration: 4s", ["--set", "workload.hold=1ms"])
    try waitUntil("workers are at it", pause: 10_000, atMost: 60) { hosts.workers(on: 2) > 0 }
    usleep(1_000_000)
    #expect(try hosts.breakConnections(of: 2) > 0)
    #expect(try run.status() == 0, "\(run.log)")
    let trial = try #require(try run.rows(of: "trials.csv").first)
    #expect(trial["verdict"] == "pass", "\(trial)")
    let rows = try run.rows(of: "hosts.csv")
    #expect(rows.count == 3 && rows.allSatisfy { $0["is_lost"] == "false" }, "\(rows)")
    for agent in agents { #expect(try agent.wait() == 0) }
  }

  @Test("what the workers of a killed agent had counted is delivered from its spool")
  func delivery() throws {
    let hosts = try HostNamespaces(4)
    let run = try HostedRun(
      hosts, "spool", strategies: ["redis.none"], load: "duration: 2s", faults: "[]",
      ["--set", "strategies.0.expect=any"])
    let words = try run.joiningWords()
    let agents = try (1...3).map { host in
      try run.join(host, words + ["--spool", hosts.folder.path], log: "spool-agent\(host).log")
    }
    try waitUntil("workers are at it", pause: 10_000, atMost: 60) { (1...3).allSatisfy { hosts.workers(on: $0) > 0 } }
    func notes() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: hosts.folder.path).filter { $0.hasSuffix(".trial") }
    }
    try waitUntil("all have begun", pause: 10_000, atMost: 60) { try notes().count == 3 }
    usleep(500_000)
    agents[1].signal(SIGKILL)
    try waitUntil("its workers are gone", pause: 10_000) { hosts.workers(on: 2) == 0 }
    var statuses: [Int32] = []
    for note in try notes() {
      let bringer = try run.join(
        2, words + ["--deliver", hosts.folder.path + "/" + note], log: "bringer-\(statuses.count).log")
      statuses.append(try bringer.wait())
      if statuses.last == 0 { break }
    }
    // Of the others, which still run, nobody takes anything.
    #expect(statuses.filter { $0 == 0 }.count == 1, "\(statuses) \(hosts.text(of: "bringer-0.log"))")
    _ = try run.status(within: 60)
    let rows = try run.rows(of: "hosts.csv")
    #expect(rows.filter { $0["is_delivered"] == "true" }.count == 1, "\(rows)")
    #expect(rows.allSatisfy { $0["is_lost"] == "false" && Int($0["committed_count"] ?? "") ?? 0 > 0 }, "\(rows)")
    // Everything is accounted for, so that what was lost is known.
    let trial = try #require(try run.rows(of: "trials.csv").first)
    #expect(trial["verdict"] == "violation", "\(trial)")
    #expect(run.log.contains("was delivered afterwards"), "\(run.log)")
    for agent in [agents[0], agents[2]] { #expect(try agent.wait() == 0) }
    let left = try FileManager.default.contentsOfDirectory(atPath: hosts.folder.path)
    #expect(!left.contains { $0.hasSuffix(".trial") || $0.hasSuffix(".memory") }, "\(left)")
  }

  @Test("SIGKILL of srun leaves nothing, whether its tasks live on or not")
  func srunDies() throws {
    let hosts = try HostNamespaces(4)
    let configuration = try SlurmCluster.start(on: hosts, nodes: 3)
    let run = try HostedRun(
      hosts, "srun", strategies: ["redis.lock"], load: "duration: 6s", faults: "[]", ["--launcher", "slurm"],
      environment: ["SLURM_CONF": configuration])
    try expectNothingLeft(of: "srun", in: run)
  }

  @Test("SIGKILL of mpirun leaves nothing, and accuses nobody")
  func launcherDies() throws {
    let hosts = try HostNamespaces(4)
    let run = try HostedRun(
      hosts, "mpirun", strategies: ["redis.lock"], load: "duration: 20s", faults: "[]",
      ["--launcher", "mpi", "--host-list", "10.77.0.11,10.77.0.12,10.77.0.13"],
      environment: try hosts.remoteShell())
    try expectNothingLeft(of: "mpirun", in: run)
  }

  /// Kills what has started the agents while workers are at it.
  private func expectNothingLeft(of launcher: String, in run: HostedRun) throws {
    let hosts = run.hosts
    try waitUntil("workers are at it", pause: 10_000, atMost: 60) { (1...3).allSatisfy { hosts.workers(on: $0) > 0 } }
    // The first of them: srun has a second one, which may end the tasks, or not.
    let processes = ProcessTable.descendants(of: run.driver.id).filter {
      (try? String(contentsOfFile: "/proc/\($0)/comm", encoding: .utf8)) == launcher + "\n"
    }
    kill(try #require(processes.min()), SIGKILL)
    let status = try run.status(within: 60)
    // Agents may outlive their launcher, be asked to end, or be killed: what counts is whether their evidence has come.
    let isLost = try run.rows(of: "hosts.csv").contains { $0["is_lost"] == "true" }
    let verdict = try run.rows(of: "trials.csv").first?["verdict"]
    #expect(verdict == (status == 0 && !isLost ? "pass" : "unknown"), "\(run.log)")
    #expect(status == (verdict == "pass" ? 0 : 3), "\(run.log)")
    try waitUntil("its workers are gone", pause: 50_000) { (1...3).allSatisfy { hosts.workers(on: $0) == 0 } }
  }
}
