internal import Glibc

/// Redis: an empty server on a unix socket only; or several that know nothing of each other, for Redlock.
///
/// Persistence stays as Redis and Debian set it: snapshots by the built-in `save` points, no append-only file. The
/// guarantees of Redis locks after a crash follow from that, so both are stated and recorded.
struct ManagedRedis: ManagedServer {
  var name = "redis"
  /// How many servers there are; all are in one private directory.
  var members = 1
  let software = "Redis"
  let debianPackage = "redis-server"
  let account: String? = "redis"
  let programs = ["redis-server"]
  let usualFolders = ["/usr/bin", "/usr/local/bin", "/usr/sbin"]
  var socketName: String { socketNames[0] }
  private var socketNames: [String] {
    members == 1 ? ["redis.sock"] : (1...members).map { "redis-\($0).sock" }
  }

  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command] { [] }

  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command] {
    socketNames.map { socket in
      let own = [
        ServiceSetting("unixsocket", directory.file(socket)), ServiceSetting("dir", directory.path),
        ServiceSetting("dbfilename", socket + ".rdb"), ServiceSetting("daemonize", "no"),
      ]
      return Command(
        path: folder + "/redis-server",
        arguments: (settings + own).flatMap { ["--" + $0.name] + ($0.name == "save" ? words($0.value) : [$0.value]) })
    }
  }

  func settings(maximumClients: Int) -> [ServiceSetting] {
    [
      ServiceSetting("port", "0"),
      ServiceSetting("maxclients", "\(maximumClients)"),
      ServiceSetting("save", "3600 1"),
      ServiceSetting("save", "300 100"),
      ServiceSetting("save", "60 10000"),
      ServiceSetting("appendonly", "no"),
    ]
  }

  /// Anything but +PONG, such as -LOADING, means not yet.
  func isReady(_ member: Int, in directory: PrivateDirectory) -> Bool {
    ask(Array("PING\r\n".utf8), socket: directory.file(socketNames[member])) == Array("+PONG\r\n".utf8)
  }

  /// The addresses of several servers are separated by commas.
  func url(in directory: PrivateDirectory) -> String {
    socketNames.map { "unix://" + directory.file($0) }.joined(separator: ",")
  }

  /// From "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64".
  func version(in answer: String) -> String? {
    answer.firstRange(of: " v=").map { answer[$0.upperBound...].prefix { !$0.isWhitespace } }.map(String.init)
  }

  /// Redis has nothing to release, and only SIGKILL ends it in the middle of a long script.
  let deathSignal = SIGKILL
  let stopSignals: [(signal: CInt, patience: Duration)] = [(SIGTERM, .seconds(5))]

  private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
}
