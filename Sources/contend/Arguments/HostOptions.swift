internal import ArgumentParser
internal import Engine
@preconcurrency internal import Glibc
internal import Hosts
internal import Model
internal import Runs
internal import ScenarioReader

/// The options of `run` about further hosts.
struct HostOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Spread the workers over so many hosts (load.hosts). Their agents join this run: see the page SeveralHosts.",
      valueName: "n"))
  var hosts: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      Start the agents: local (on this machine, to try), slurm, mpi, ssh, index (Kubernetes Indexed Job), or the \
      beginning of a command line. Without it, what to run on the hosts is printed.
      """, valueName: "how"))
  var launcher: String?

  @Option(
    name: .long, help: ArgumentHelp("Hosts for mpi and ssh, separated by commas.", valueName: "host,host,..."))
  var hostList: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Address on which to listen for agents; one that the first host can reach unless stated.",
      valueName: "address:port"))
  var listen: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "File with the secret of the run, readable by its owner only; CONTEND_TOKEN or CONTEND_TOKEN_FILE otherwise, else a new one.",
      valueName: "file"))
  var tokenFile: String?

  @Option(
    name: .long, help: ArgumentHelp("How long to wait for the others after the first host; 60s.", valueName: "time"))
  var wait: String?

  @Flag(help: "Take agents of another executable of the same version.")
  var allowOtherBuild = false

  /// What they change in the scenario.
  var overrides: [Override] { hosts.map { [Override(path: "load.hosts", value: $0)] } ?? [] }

  /// The agent that this process is: of an Indexed Job every pod runs the same command, and the first one drives.
  func agent() throws -> HostAgent? {
    guard launcher == "index" else { return nil }
    var environment = WorkerCommand.environment
    guard let rank = HostPlace(environment: environment).rank else {
      throw CommandFailure(.usage, "--launcher index: JOB_COMPLETION_INDEX is not set; run in an Indexed Job")
    }
    if rank == 0 { return nil }
    environment["CONTEND_RANK"] = String(rank - 1)
    guard let driver = environment["CONTEND_DRIVER"] else {
      throw CommandFailure(.usage, "--launcher index: CONTEND_DRIVER is not set; state the address of index 0")
    }
    return try WorkerCommand.agent(
      joining: HostAddress(driver), token: try token().0, environment: environment, wait: .seconds(120))
  }

  /// How the hosts of a scenario come together; nil when it needs none.
  func settings(for scenario: Scenario, isQuiet: Bool) throws -> FleetSettings? {
    guard scenario.variants.contains(where: { $0.load.hosts > 1 }) else {
      for (name, value) in [("launcher", launcher), ("host-list", hostList), ("listen", listen)] where value != nil {
        throw CommandFailure(.usage, "--\(name): the scenario runs on one host; state --hosts, or load.hosts")
      }
      return nil
    }
    return try settings(isQuiet: isQuiet)
  }

  /// How hosts come together.
  func settings(isQuiet: Bool) throws -> FleetSettings {
    let list = hostList.map { $0.split(separator: ",").map(String.init) } ?? []
    var (token, file) = try token()
    let starter: FleetSettings.Starter
    var ownsFile = false
    switch launcher {
    case nil:
      starter = .nobody
      ownsFile = file == nil
      if file == nil { file = try Self.store(token) }
    case "local": starter = .local
    case let text?: starter = .launcher(try Launcher(text), hostList: list)
    }
    var settings = FleetSettings(
      starter, listen: try listen.map { text throws(HostFailure) in try HostAddress(text) }, token: token,
      tokenFile: file, patience: try wait.map(Self.duration) ?? .seconds(60),
      build: HostBuild.description(version: ProgramVersion.current), path: Self.executable,
      allowsOtherBuild: allowOtherBuild
    ) { sentence in
      if !isQuiet { CommandLineProgram.printError(sentence) }
    }
    settings.ownsTokenFile = ownsFile
    return settings
  }

  private func token() throws -> (RunToken, file: String?) {
    if let tokenFile { return (try RunToken.read(file: tokenFile), tokenFile) }
    if let given = try RunToken.takeFromEnvironment() { return (given, nil) }
    return (RunToken.random(), nil)
  }

  /// Puts a new token where the user finds it, readable by nobody else.
  private static func store(_ token: RunToken) throws -> String {
    let folder = WorkerCommand.environment["XDG_RUNTIME_DIR"] ?? "/tmp"
    let path = "\(folder)/contend-token-\(getpid())"
    unlink(path)
    try token.write(to: path)
    return path
  }

  static func duration(_ text: String) throws -> Duration {
    guard let duration = try? DurationText.parse(text) else {
      throw CommandFailure(.usage, "--wait \(text): state a time, such as 60s")
    }
    return duration
  }

  /// Where other hosts find this program: the file itself, whatever it was called by.
  private static var executable: String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    return count > 0
      ? String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : "contend"
  }
}
