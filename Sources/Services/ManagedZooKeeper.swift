internal import Glibc

/// ZooKeeper: one server without an ensemble, on a loopback port because it knows no unix sockets.
///
/// Every transaction is synced to disk before it is acknowledged (`forceSync`), as by default; so is everything else
/// that ``settings(maximumClients:)`` does not name.
struct ManagedZooKeeper: ManagedServer {
  let name = "zookeeper"
  let software = "ZooKeeper"
  let debianPackage = "zookeeper"
  let account: String? = "zookeeper"
  /// Tells that the package is there, and its version; the server itself is a Java program.
  let programs = ["zkServer.sh"]
  let usualFolders = ["/usr/share/zookeeper/bin"]
  let socketName = "zoo.cfg"
  let portCount = 1
  let versionArgument = "version"

  /// The jar names the others that it needs; the last one logs to standard error.
  private let classPath = "/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-simple.jar"

  func files(in directory: PrivateDirectory, settings: [ServiceSetting]) -> [String: String] {
    let own = [
      ServiceSetting("dataDir", directory.file("data")), ServiceSetting("clientPortAddress", "127.0.0.1"),
      ServiceSetting("clientPort", "\(directory.ports.first ?? 0)"), ServiceSetting("admin.enableServer", "false"),
    ]
    return ["zoo.cfg": (settings + own).map { "\($0.name)=\($0.value)\n" }.joined()]
  }

  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command] { [] }

  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command] {
    // Java's performance data would be a file in /tmp that a killed server leaves behind.
    let arguments = [
      "-XX:-UsePerfData", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", classPath,
      "org.apache.zookeeper.server.quorum.QuorumPeerMain", directory.file("zoo.cfg"),
    ]
    return [Command(path: "/usr/bin/java", arguments: arguments)]
  }

  func settings(maximumClients: Int) -> [ServiceSetting] {
    // One connection more than there are clients, for the driver.
    [ServiceSetting("tickTime", "2000"), ServiceSetting("maxClientCnxns", "\(maximumClients + 1)")]
  }

  /// `srvr` is the one command of four letters that is allowed by default.
  func isReady(in directory: PrivateDirectory) -> Bool {
    guard let port = directory.ports.first, let answer = ask(Array("srvr".utf8), port: port) else { return false }
    return answer.starts(with: "Zookeeper version".utf8)
  }

  func url(in directory: PrivateDirectory) -> String { "zookeeper://127.0.0.1:\(directory.ports.first ?? 0)" }

  /// From "Apache ZooKeeper, version 3.8.0 2024-12-29 17:54 UTC".
  func version(in answer: String) -> String? {
    answer.firstRange(of: ", version ").map { answer[$0.upperBound...].prefix { !$0.isWhitespace } }.map(String.init)
  }

  let deathSignal = SIGKILL
  let stopSignals: [(signal: CInt, patience: Duration)] = [(SIGTERM, .seconds(4))]
}
