internal import Glibc

/// Redis: an empty server on a unix socket only; several that know nothing of each other, for Redlock; or a primary and
/// its replicas.
///
/// Clients use unix sockets; only a replica reaches its primary by a port of the loopback interface, for Redis replicates
/// over no socket.
/// Persistence stays as Redis and Debian set it: snapshots by the built-in `save` points, no append-only file. The
/// guarantees of Redis locks after a crash follow from that, so both are stated and recorded.
struct ManagedRedis: ManagedServer {
  var name = "redis"
  /// How many servers there are; all are in one private directory.
  var members = 1
  /// Whether the first is the primary of the others.
  var replicates = false
  /// How many Sentinels watch them and promote a replica when the primary is lost.
  var sentinels = 0
  /// Whether replicas reach others through a proxy.
  var isSeparable = false
  let software = "Redis"
  let debianPackage = "redis-server"
  let account: String? = "redis"
  let programs = ["redis-server"]
  let usualFolders = ["/usr/bin", "/usr/local/bin", "/usr/sbin"]
  var socketName: String { socketNames[0] }
  private var socketNames: [String] {
    members == 1 ? ["redis.sock"] : (1...members).map { "redis-\($0).sock" }
  }

  var hasSeparableReplicas: Bool { replicates && sentinels == 0 }
  var portCount: Int { replicates ? members + sentinels : 0 }

  func withSeparableMembers() -> any ManagedServer {
    var server = self
    server.isSeparable = hasSeparableReplicas
    return server
  }

  func peerPorts(of member: Int, in directory: PrivateDirectory) -> [Int] {
    hasSeparableReplicas ? [port(of: member, in: directory)] : []
  }

  private func port(of member: Int, in directory: PrivateDirectory) -> Int {
    directory.ports.indices.contains(member) ? directory.ports[member] : 0
  }

  /// What Sentinels are told; they write what they find out into the same files.
  func files(in directory: PrivateDirectory, settings: [ServiceSetting]) -> [String: String] {
    (0..<sentinels).reduce(into: [:]) { files, index in
      files["sentinel-\(index + 1).conf"] = """
        port \(port(of: members + index, in: directory))
        bind 127.0.0.1
        dir "\(directory.path)"
        sentinel monitor contend 127.0.0.1 \(port(of: 0, in: directory)) \(sentinels / 2 + 1)
        sentinel down-after-milliseconds contend 1000
        sentinel failover-timeout contend 5000

        """
    }
  }

  func companions(in directory: PrivateDirectory) -> [Command] {
    guard let path = usualFolders.map({ $0 + "/redis-server" }).first(where: { access($0, X_OK) == 0 }) else {
      return []
    }
    return (0..<sentinels).map { index in
      Command(path: path, arguments: [directory.file("sentinel-\(index + 1).conf"), "--sentinel"])
    }
  }

  /// Whether all Sentinels know the primary, its replicas and each other.
  private func areWatched(in directory: PrivateDirectory) -> Bool {
    (0..<sentinels).allSatisfy { index in
      let port = port(of: members + index, in: directory)
      let answer = String(
        decoding: ask(Array("INFO sentinel\r\n".utf8), port: port) ?? [], as: UTF8.self)
      return answer.contains("status=ok") && answer.contains("slaves=\(members - 1),sentinels=\(sentinels)")
    }
  }

  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command] { [] }

  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command] {
    socketNames.enumerated().map { member, socket in
      let own =
        [
          ServiceSetting("unixsocket", directory.file(socket)), ServiceSetting("dir", directory.path),
          ServiceSetting("dbfilename", socket + ".rdb"), ServiceSetting("daemonize", "no"),
        ] + replication(of: member, in: directory)
      return Command(
        path: folder + "/redis-server",
        arguments: (settings + own).flatMap {
          ["--" + $0.name] + (Self.settingsOfWords.contains($0.name) ? words($0.value) : [$0.value])
        })
    }
  }

  private static let settingsOfWords: Set = ["save", "replicaof"]

  /// A replica begins to copy at once: by default its primary waits 5 s for more of them.
  private func replication(of member: Int, in directory: PrivateDirectory) -> [ServiceSetting] {
    if !replicates { return [] }
    let own = [
      ServiceSetting("bind", "127.0.0.1"), ServiceSetting("port", "\(port(of: member, in: directory))"),
      ServiceSetting("repl-diskless-sync-delay", "0"),
    ]
    let host = isSeparable ? LoopbackPorts.proxyHost : "127.0.0.1"
    return member == 0 ? own : own + [ServiceSetting("replicaof", "\(host) \(port(of: 0, in: directory))")]
  }

  func settings(maximumClients: Int) -> [ServiceSetting] {
    (replicates ? [] : [ServiceSetting("port", "0")]) + [
      ServiceSetting("maxclients", "\(maximumClients)"),
      ServiceSetting("save", "3600 1"),
      ServiceSetting("save", "300 100"),
      ServiceSetting("save", "60 10000"),
      ServiceSetting("appendonly", "no"),
    ]
  }

  /// Anything but +PONG, such as -LOADING, means not yet; so does a replica that has not copied its primary.
  func isReady(_ member: Int, in directory: PrivateDirectory) -> Bool {
    let socket = directory.file(socketNames[member])
    guard ask(Array("PING\r\n".utf8), socket: socket) == Array("+PONG\r\n".utf8) else { return false }
    if !replicates { return true }
    let role = role(of: member, in: directory)
    guard role.contains("role:master") || role.contains("master_link_status:up") else { return false }
    return areWatched(in: directory)
  }

  func leads(_ member: Int, in directory: PrivateDirectory) -> Bool {
    replicates && role(of: member, in: directory).contains("role:master")
  }

  private func role(of member: Int, in directory: PrivateDirectory) -> String {
    let answer = ask(Array("INFO replication\r\n".utf8), socket: directory.file(socketNames[member]))
    return String(decoding: answer ?? [], as: UTF8.self)
  }

  /// The addresses of several servers are separated by commas. Where there are Sentinels, clients ask those.
  func url(in directory: PrivateDirectory) -> String {
    if sentinels > 0 {
      return (members..<members + sentinels).map { "redis://127.0.0.1:\(port(of: $0, in: directory))" }
        .joined(separator: ",")
    }
    return socketNames.map { "unix://" + directory.file($0) }.joined(separator: ",")
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
