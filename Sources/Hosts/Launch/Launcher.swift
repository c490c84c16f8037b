@preconcurrency internal import Glibc

/// Who starts one agent on each host.
public enum Launcher: Sendable, Equatable {
  /// `srun`, inside an allocation or outside.
  case slurm
  /// Open MPI's `mpirun`.
  case mpi
  /// One `ssh` for each host.
  case ssh
  /// An indexed Job of Kubernetes, or whatever else has started the agents already.
  case index
  /// A command to which the program and `worker` are appended, started once; it starts all agents.
  case command([String])

  /// Reads the name of a preset, or a command with its arguments, quoted as for a shell.
  ///
  /// - Throws: for an empty command, and what only a shell could do.
  public init(_ text: String) throws(HostFailure) {
    switch text {
    case "slurm": self = .slurm
    case "mpi": self = .mpi
    case "ssh": self = .ssh
    case "index": self = .index
    default:
      let words = try ShellWords.split(text)
      guard let program = words.first, !program.isEmpty else {
        throw HostFailure(.usage, "the launcher is empty: give slurm, mpi, ssh, index, or a command as 'srun -N4'")
      }
      self = .command(words)
    }
  }

  /// The commands that start an agent on each host.
  ///
  /// - Parameters:
  ///   - hosts: how many agents, one on each host.
  ///   - hostList: names of the hosts; needed for `ssh`, else the engine's own list holds when it is empty.
  ///   - executable: path of this program on the hosts.
  ///   - driver: where the driver listens.
  ///   - token: of the run. In the environment, or, for ssh, the first line of the input.
  /// - Returns: one command, or one for each host; none for `index`.
  /// - Throws: when the host list cannot be one or is too short.
  public func commands(
    hosts: Int, hostList: [String], executable: String, driver: HostAddress, token: RunToken
  ) throws(HostFailure) -> [LaunchCommand] {
    guard hosts >= 1 else { throw HostFailure(.usage, "--hosts must be at least 1, and is \(hosts)") }
    try check(hostList, hosts: hosts)
    var environment = [
      "CONTEND_DRIVER": driver.description, "CONTEND_HOSTS": "\(hosts)", "CONTEND_TOKEN": token.text,
    ]
    let program = [executable, "worker"]
    switch self {
    case .slurm:
      return [LaunchCommand(arguments: Self.srun(hosts, hostList) + program, environment: environment)]
    case .mpi:
      if geteuid() == 0 {
        environment["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
        environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
      }
      return [LaunchCommand(arguments: Self.mpirun(hosts, hostList) + program, environment: environment)]
    case .ssh:
      let line = Array((token.text + "\n").utf8)
      let words = program + ["--join", driver.description, "--token-stdin"]
      return hostList.prefix(hosts).map { LaunchCommand(arguments: Self.ssh($0, words), input: line) }
    case .index: return []
    case .command(let prefix): return [LaunchCommand(arguments: prefix + program, environment: environment)]
    }
  }

  private func check(_ hostList: [String], hosts: Int) throws(HostFailure) {
    for host in hostList {
      let isName = !host.isEmpty && !host.hasPrefix("-") && !host.contains { $0.isWhitespace || $0 == "," }
      guard isName else { throw HostFailure(.usage, "'\(host)' in --host-list is no name of a host") }
    }
    let needsList = self == .ssh
    guard hostList.count >= hosts || hostList.isEmpty && !needsList else {
      throw HostFailure(
        .usage, "--host-list names \(hostList.count) hosts, and --hosts asks for \(hosts): name as many")
    }
    switch self {
    case .index, .command:
      guard hostList.isEmpty else {
        throw HostFailure(.usage, "--host-list is for the launchers slurm, mpi and ssh; this one knows its own hosts")
      }
    case .slurm, .mpi, .ssh: break
    }
  }

  /// One agent on each node, which may use all of its processors and shares them with the driver's batch script. srun must
  /// not end the others because one has failed.
  static func srun(_ hosts: Int, _ hostList: [String]) -> [String] {
    [
      "srun", "-N\(hosts)", "-n\(hosts)", "--ntasks-per-node=1", "--kill-on-bad-exit=0", "--overlap", "--mpi=none",
      "--cpu-bind=none", "--export=ALL",
    ] + (hostList.isEmpty ? [] : ["--nodelist=" + hostList.prefix(hosts).joined(separator: ",")])
  }

  /// One agent on each host, bound to none of its processors.
  static func mpirun(_ hosts: Int, _ hostList: [String]) -> [String] {
    ["mpirun", "-n", "\(hosts)", "--map-by", "ppr:1:node", "--bind-to", "none"]
      + ["CONTEND_DRIVER", "CONTEND_TOKEN", "CONTEND_HOSTS"].flatMap { ["-x", $0] }
      + (hostList.isEmpty ? [] : ["--host", hostList.prefix(hosts).joined(separator: ",")])
  }

  /// What a login runs is read by a shell, so it is quoted for one.
  static func ssh(_ host: String, _ words: [String]) -> [String] {
    ["ssh", "-T", "-o", "BatchMode=yes", "--", host, words.map(ShellWords.quoted).joined(separator: " ")]
  }
}
