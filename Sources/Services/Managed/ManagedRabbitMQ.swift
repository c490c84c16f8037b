internal import Glibc
internal import Model

/// RabbitMQ: an empty broker with the user and virtual host that every new one has, on loopback ports because it knows
/// no unix sockets.
///
/// Messages and queues are as durable as clients ask; what ``settings(maximumClients:)`` does not name is as RabbitMQ
/// has it. It takes 6 to 7 seconds to answer, and 150 MB of memory, 300 MB under load: one serves a whole run.
///
/// Erlang's name server (epmd) runs beside it, at a port of its own, so that none of the machine's is touched; both,
/// and the port at which nodes of a cluster would meet, listen on the loopback interface only.
struct ManagedRabbitMQ: ManagedServer {
  let name = "rabbitmq"
  let software = "RabbitMQ"
  let debianPackage = "rabbitmq-server"
  let account: String? = "rabbitmq"
  /// The second one is only where the server itself is: of the first, Debian has in `PATH` what none but root and
  /// `rabbitmq` may run.
  let programs = ["rabbitmq-server", "rabbitmq-defaults"]
  let usualFolders = ["/usr/lib/rabbitmq/bin"]
  let socketName = "rabbitmq.conf"
  /// For clients, for other nodes, for the name server.
  let portCount = 3

  private func port(_ index: Int, _ directory: PrivateDirectory) -> Int {
    let ports = directory.ports
    return ports.indices.contains(index) ? ports[index] : 0
  }

  func files(in directory: PrivateDirectory, settings: [ServiceSetting]) -> [String: String] {
    // Every lost connection is worth a warning to it, and here they are lost on purpose.
    let own = [ServiceSetting("log.console", "true"), ServiceSetting("log.console.level", "error")]
    return [socketName: (settings + own).map { "\($0.name) = \($0.value)\n" }.joined()]
  }

  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command] { [] }

  /// In the foreground, for the server makes it a daemon that outlives it.
  func companions(in directory: PrivateDirectory) -> [Command] {
    let path = (ProgramFolders.system + ["/usr/lib/erlang/bin"]).map { $0 + "/epmd" }.first { access($0, X_OK) == 0 }
    return path.map { [Command(path: $0, environment: nameServer(in: directory))] } ?? []
  }

  private func nameServer(in directory: PrivateDirectory) -> [String] {
    ["ERL_EPMD_PORT=\(port(2, directory))", "ERL_EPMD_ADDRESS=127.0.0.1"]
  }

  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command] {
    // All of these, so that nothing is read from, or written to, the places of an installed broker.
    let own = [
      // Where it makes the secret that nodes of a cluster share.
      "HOME=\(directory.path)",
      "RABBITMQ_NODENAME=contend@localhost", "RABBITMQ_NODE_IP_ADDRESS=127.0.0.1",
      "RABBITMQ_NODE_PORT=\(port(0, directory))", "RABBITMQ_DIST_PORT=\(port(1, directory))",
      "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}",
      "RABBITMQ_CONF_ENV_FILE=/dev/null", "RABBITMQ_BASE=\(directory.path)",
      "RABBITMQ_MNESIA_BASE=\(directory.file("data"))", "RABBITMQ_LOG_BASE=\(directory.path)", "RABBITMQ_LOGS=-",
      "RABBITMQ_ENABLED_PLUGINS_FILE=\(directory.file("plugins"))", "RABBITMQ_PID_FILE=\(directory.file("pid"))",
      "RABBITMQ_GENERATED_CONFIG_DIR=\(directory.file("generated"))",
      "RABBITMQ_CONFIG_FILE=\(directory.file("rabbitmq"))",
      "RABBITMQ_ADVANCED_CONFIG_FILE=\(directory.file("advanced.config"))",
      "ERL_CRASH_DUMP_SECONDS=0",
      // The script becomes the server, as systemd wants it, instead of being a shell that waits for it.
      "RUNNING_UNDER_SYSTEMD=true",
    ]
    return [Command(path: folder + "/rabbitmq-server", environment: own + nameServer(in: directory))]
  }

  func settings(maximumClients: Int) -> [ServiceSetting] {
    [
      // Above it, and below so much room on the disk, publishers are held up.
      ServiceSetting("vm_memory_high_watermark.relative", "0.4"),
      ServiceSetting("disk_free_limit.absolute", "50MB"),
    ]
  }

  /// It answers the header of the protocol with the first method, `connection.start`.
  func isReady(_ member: Int, in directory: PrivateDirectory) -> Bool {
    ask(Array("AMQP".utf8) + [0, 0, 9, 1], port: port(0, directory))?.first == 1
  }

  func url(in directory: PrivateDirectory) -> String { "amqp://127.0.0.1:\(port(0, directory))" }

  /// The server cannot be asked without starting a node; its folder bears its version: `rabbitmq_server-3.10.8`.
  func installedVersion(in folder: String) -> String? {
    guard let real = realpath(folder + "/" + programs[0], nil) else { return nil }
    defer { free(real) }
    return version(in: String(cString: real))
  }

  func version(in answer: String) -> String? {
    answer.split(separator: "/").first { $0.hasPrefix("rabbitmq_server-") }
      .map { String($0.dropFirst("rabbitmq_server-".count)) }
  }

  let deathSignal = SIGKILL
  let stopSignals: [(signal: CInt, patience: Duration)] = [(SIGTERM, .seconds(4))]
}
