internal import Glibc

/// ZooKeeper: one server, or an ensemble, on loopback ports because it knows no unix sockets.
///
/// Every transaction is synced to disk before it is acknowledged (`forceSync`), as by default; so is everything else
/// that ``settings(maximumClients:)`` does not name.
struct ManagedZooKeeper: ManagedServer {
  let service = "zookeeper"
  let software = "ZooKeeper"
  let debianPackage = "zookeeper"
  let account: String? = "zookeeper"
  /// Tells that the package is there, and its version; the server itself is a Java program.
  let programs = ["zkServer.sh"]
  let usualFolders = ["/usr/share/zookeeper/bin"]
  let socketName = "zoo-1.cfg"
  var members = 1
  /// Whether members meet through a proxy: names lead each member to itself and to proxies of the others.
  private var hasNames = false

  init(members: Int = 1) { self.members = members }

  var isEnsemble: Bool { members > 1 }
  var name: String { isEnsemble ? "zookeeper-ensemble" : "zookeeper" }
  /// For clients; in an ensemble also to follow the leader, and to elect it: one of each per member.
  var portCount: Int { members == 1 ? 1 : 3 * members }
  let versionArgument = "version"

  /// The jar names the others that it needs; the last one logs to standard error.
  private let classPath = "/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-simple.jar"

  func files(in directory: PrivateDirectory, settings: [ServiceSetting]) -> [String: String] {
    var files: [String: String] = [:]
    for member in 1...members {
      let own = [
        ServiceSetting("dataDir", directory.file("data-\(member)")), ServiceSetting("clientPortAddress", "127.0.0.1"),
        ServiceSetting("clientPort", "\(port(member - 1, directory))"), ServiceSetting("admin.enableServer", "false"),
      ]
      files["zoo-\(member).cfg"] = (settings + own + ensemble(directory)).map { "\($0.name)=\($0.value)\n" }.joined()
      files["myid-\(member)"] = "\(member)\n"
      if hasNames { files["hosts-\(member)"] = hosts(of: member) }
    }
    return files
  }

  func withSeparableMembers() -> any ManagedServer {
    var server = self
    server.hasNames = isEnsemble
    return server
  }

  func peerPorts(of member: Int, in directory: PrivateDirectory) -> [Int] {
    isEnsemble ? [port(members + member, directory), port(2 * members + member, directory)] : []
  }

  private func host(_ member: Int) -> String { hasNames ? "contend-\(member)" : "127.0.0.1" }

  /// A member listens at its own name and tells it to the others.
  private func hosts(of member: Int) -> String {
    let others = (1...members).map { "\($0 == member ? "127.0.0.1" : LoopbackPorts.proxyHost) \(host($0))\n" }
    return "127.0.0.1 localhost\n" + others.joined()
  }

  /// Where the members meet.
  private func ensemble(_ directory: PrivateDirectory) -> [ServiceSetting] {
    if members == 1 { return [] }
    let servers = (1...members).map { member in
      let (follow, elect) = (port(members + member - 1, directory), port(2 * members + member - 1, directory))
      return ServiceSetting("server.\(member)", "\(host(member)):\(follow):\(elect)")
    }
    return servers + [ServiceSetting("initLimit", "10"), ServiceSetting("syncLimit", "5")]
  }

  private func port(_ index: Int, _ directory: PrivateDirectory) -> Int {
    let ports = directory.ports
    return ports.indices.contains(index) ? ports[index] : 0
  }

  /// Who a member is, it reads from a file in its data.
  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command] {
    (1...members).map { member in
      Command(
        path: "/usr/bin/install",
        arguments: ["-D", directory.file("myid-\(member)"), directory.file("data-\(member)/myid")])
    }
  }

  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command] {
    (1...members).map { member in
      // Java's performance data would be a file in /tmp that a killed server leaves behind.
      let names = hasNames ? ["-Djdk.net.hosts.file=\(directory.file("hosts-\(member)"))"] : []
      let arguments =
        names + [
          "-XX:-UsePerfData", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", classPath,
          "org.apache.zookeeper.server.quorum.QuorumPeerMain", directory.file("zoo-\(member).cfg"),
        ]
      return Command(path: "/usr/bin/java", arguments: arguments)
    }
  }

  func settings(maximumClients: Int) -> [ServiceSetting] {
    // One connection more than there are clients, for the driver.
    [ServiceSetting("tickTime", "2000"), ServiceSetting("maxClientCnxns", "\(maximumClients + 1)")]
  }

  /// `srvr` is the one command of four letters that is allowed by default; a member without a leader refuses it.
  func isReady(_ member: Int, in directory: PrivateDirectory) -> Bool {
    description(of: member, directory).hasPrefix("Zookeeper version")
  }

  /// A server that is alone is neither leader nor follower.
  func leads(_ member: Int, in directory: PrivateDirectory) -> Bool {
    description(of: member, directory).contains("Mode: leader")
  }

  private func description(of member: Int, _ directory: PrivateDirectory) -> String {
    String(decoding: ask(Array("srvr".utf8), port: port(member, directory)) ?? [], as: UTF8.self)
  }

  func url(in directory: PrivateDirectory) -> String {
    "zookeeper://" + (0..<members).map { "127.0.0.1:\(port($0, directory))" }.joined(separator: ",")
  }

  /// From "Apache ZooKeeper, version 3.8.0 2024-12-29 17:54 UTC".
  func version(in answer: String) -> String? {
    answer.firstRange(of: ", version ").map { answer[$0.upperBound...].prefix { !$0.isWhitespace } }.map(String.init)
  }

  let deathSignal = SIGKILL
  let stopSignals: [(signal: CInt, patience: Duration)] = [(SIGTERM, .seconds(4))]
}
