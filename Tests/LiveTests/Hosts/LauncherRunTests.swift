import Foundation
import Glibc
import Testing

/// The same run by every launcher, on hosts of network namespaces: real `mpirun`, Slurm and ssh, and agents that are
/// started by hand under clocks of their own.
@Suite struct LauncherRunTests {
  @Test("agents that join by hand, whose clocks are thousands of seconds away")
  func join() throws {
    let hosts = try HostNamespaces(4)
    let run = try HostedRun(hosts, "join", ["--hosts", "3"])
    let words = try run.joiningWords()
    let file = try #require(words.last)
    let token = try String(contentsOfFile: file, encoding: .utf8).prefix(64)
    let agents = try (1...3).map { host in
      try run.join(host, words, log: "agent\(host).log", behind: ["unshare", "--time", "--monotonic", "\(host)000"])
    }
    try waitUntil("workers are at it", pause: 10_000, atMost: 60) { hosts.workers(on: 3) > 0 }
    #expect(!ProcessTable.commandLines.contains { $0.contains(token) })
    try run.expectSameVerdicts()
    for agent in agents {
      try agent.wait()
      #expect(agent.status == 0)
    }
    for row in try run.rows(of: "hosts.csv") {
      let planted = (Double(row["host"]?.last.map(String.init) ?? "") ?? 0) * 1e12
      let offset = try #require(row["clock_offset_ns"].flatMap(Double.init))
      let bound = try #require(row["clock_bound_ns"].flatMap(Double.init))
      #expect(abs(offset - planted) <= bound, "\(row)")
    }
    #expect(token.count == 64 && !run.log.contains(token))
    // It was made for this run, and is worth nothing after it.
    #expect(!FileManager.default.fileExists(atPath: file))
  }

  @Test("mpirun")
  func mpi() throws {
    let hosts = try HostNamespaces(4)
    let run = try HostedRun(
      hosts, "mpi", ["--launcher", "mpi", "--host-list", "10.77.0.11,10.77.0.12,10.77.0.13"],
      environment: try hosts.remoteShell())
    try run.expectSameVerdicts()
  }

  @Test("Slurm")
  func slurm() throws {
    let hosts = try HostNamespaces(4)
    let configuration = try SlurmCluster.start(on: hosts, nodes: 3)
    let run = try HostedRun(hosts, "slurm", ["--launcher", "slurm"], environment: ["SLURM_CONF": configuration])
    try run.expectSameVerdicts()
  }

  @Test("ssh")
  func ssh() throws {
    let hosts = try HostNamespaces(4)
    let command = try SecureShell.start(on: hosts, hosts: 1...3)
    let run = try HostedRun(
      hosts, "ssh", ["--launcher", "ssh", "--host-list", "10.77.0.11,10.77.0.12,10.77.0.13"],
      environment: ["PATH": command + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")])
    try run.expectSameVerdicts()
  }
}
