internal import ArgumentParser
internal import CLinux
internal import Engine
@preconcurrency internal import Glibc
internal import Hosts
internal import Runs

/// `contend worker`: the agent of a host; joins a run that another host drives.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker",
    abstract: "Join a run as one of its hosts: runs workers here for 'contend run' on another host.",
    discussion: """
      An engine that starts programs on hosts (srun, mpirun, ssh, a Kubernetes Job) starts one of these on each. The secret \
      of the run comes in CONTEND_TOKEN, in a file, or as the first line of standard input, never on the command line.
      """)

  @Option(
    name: .long, help: ArgumentHelp("The driver; CONTEND_DRIVER unless stated.", valueName: "host:port"))
  var join: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "File with the secret of the run; CONTEND_TOKEN or CONTEND_TOKEN_FILE unless stated.", valueName: "file"))
  var tokenFile: String?

  @Flag(help: "Read the secret of the run from the first line of standard input.")
  var tokenStdin = false

  @Option(name: .long, help: ArgumentHelp("How long to try to reach the driver; 120s.", valueName: "time"))
  var wait: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      Keep trials in this folder, such as /dev/shm, until their evidence has arrived: what workers had counted then \
      outlives an agent that is killed.
      """, valueName: "folder"))
  var spool: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Bring the driver a trial that an agent has left in its spool, within 15 s after it died.", valueName: "file"))
  var deliver: String?

  @Flag(help: .private) var inherited = false

  func run() throws {
    let patience = try wait.map(HostOptions.duration) ?? .seconds(120)
    if inherited { return try Self.serve(Self.agent(.inherited(3), environment: [:], wait: patience)) }
    let environment = Self.environment
    guard let text = join ?? environment["CONTEND_DRIVER"] else {
      throw CommandFailure(.usage, "nobody to join; state --join host:port, or CONTEND_DRIVER")
    }
    let agent = try Self.agent(
      joining: HostAddress(text), token: try token(), environment: environment, wait: patience,
      spool: spool ?? environment["CONTEND_SPOOL"])
    if let deliver { return try Self.tell(agent.deliver(deliver)) }
    try Self.serve(agent)
  }

  private func token() throws -> RunToken {
    if tokenStdin { return try RunToken.readStandardInput() }
    if let tokenFile { return try RunToken.read(file: tokenFile) }
    guard let token = try RunToken.takeFromEnvironment() else {
      throw CommandFailure(
        .usage, "the secret of the run is missing; state --token-file or --token-stdin, or set CONTEND_TOKEN")
    }
    return token
  }

  static func agent(
    joining address: HostAddress, token: RunToken, environment: [String: String], wait: Duration,
    spool: String? = nil
  ) -> HostAgent {
    agent(.join(address, token), environment: environment, wait: wait, spool: spool)
  }

  private static func agent(
    _ way: HostAgent.Way, environment: [String: String], wait: Duration, spool: String? = nil
  ) -> HostAgent {
    HostAgent(
      way, build: HostBuild.description(version: ProgramVersion.current), executable: "/proc/self/exe",
      environment: environment, interruption: Interruption.descriptor(), spool: spool, patience: wait)
  }

  /// Serves a run to its end, and tells how that was.
  static func serve(_ agent: HostAgent) throws {
    // A core file would hold passwords.
    clinux_no_core_files()
    try tell(agent.run())
  }

  private static func tell(_ ending: HostAgent.Ending) throws {
    switch ending {
    case .dismissed: return
    // Under mpirun any other status ends the agents of all hosts.
    case .signalled:
      guard ["openmpi", "pmix", "pmi"].contains(HostPlace(environment: environment).engine) else { throw ExitCode(143) }
    case .abandoned(let reason): throw CommandFailure(.abandoned, reason)
    case .turnedAway(let reason): throw CommandFailure(.serviceUnavailable, reason)
    }
  }

  /// The environment of this process.
  static var environment: [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
      entry += 1
    }
    return variables
  }
}
