import Foundation
import Glibc
import Model

/// A real Slurm on hosts of namespaces: its controller on the first, a daemon on each of the others.
enum SlurmCluster {
  /// Starts it and waits until its nodes are idle; the path of its configuration.
  static func start(on hosts: HostNamespaces, nodes: Int) throws -> String {
    let (folder, prefix) = (hosts.folder.path, hosts.prefix)
    for name in ["state"] + (1...nodes).map({ "spool.\(prefix)\($0)" }) {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    let lines = (1...nodes).map { "NodeName=\(prefix)\($0) NodeAddr=10.77.0.1\($0) CPUs=32" }
    let configuration = try hosts.write(
      """
      ClusterName=contend
      SlurmctldHost=\(prefix)0(10.77.0.10)
      SlurmUser=root
      AuthType=auth/none
      CredType=cred/none
      StateSaveLocation=\(folder)/state
      SlurmdSpoolDir=\(folder)/spool.%n
      SlurmctldPidFile=\(folder)/slurmctld.pid
      SlurmdPidFile=\(folder)/slurmd.%n.pid
      SlurmctldLogFile=\(folder)/slurmctld.log
      SlurmdLogFile=\(folder)/slurmd.%n.log
      ProctrackType=proctrack/linuxproc
      TaskPlugin=task/none
      MpiDefault=none
      ReturnToService=2
      SlurmdParameters=config_overrides
      SelectType=select/cons_tres
      SelectTypeParameters=CR_CPU
      SchedulerType=sched/builtin
      KillWait=2
      SlurmdTimeout=10
      MessageTimeout=5
      \(lines.joined(separator: "\n"))
      PartitionName=all Nodes=\(prefix)[1-\(nodes)] Default=YES State=UP

      """, to: "slurm.conf")
    try hosts.keep(on: 0, ["slurmctld", "-D", "-f", configuration], log: "controller.log")
    for node in 1...nodes {
      try hosts.keep(on: node, ["slurmd", "-D", "-f", configuration], log: "node\(node).log")
    }
    try waitUntil("the nodes of Slurm are idle", pause: 100_000, atMost: 60) {
      let look = try hosts.start(
        on: 0, ["sinfo", "-h", "-t", "idle", "-o", "%D"], environment: ["SLURM_CONF": configuration], log: "idle")
      try look.wait()
      return hosts.text(of: "idle").trimmingCharacters(in: .whitespacesAndNewlines) == String(nodes)
    }
    return configuration
  }
}
