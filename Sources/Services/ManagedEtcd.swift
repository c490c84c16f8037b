internal import Glibc

/// etcd: one member without others, on loopback ports.
///
/// Every write is synced to disk before it is acknowledged, as by default; so is everything else that
/// ``settings(maximumClients:)`` does not name.
struct ManagedEtcd: ManagedServer {
  let name = "etcd"
  let software = "etcd"
  let debianPackage = "etcd-server"
  let account: String? = "etcd"
  let programs = ["etcd"]
  let usualFolders = ["/usr/bin", "/usr/local/bin"]
  let socketName = "data"
  /// For clients, and for other members, of which there are none.
  let portCount = 2

  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command] { [] }

  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command] {
    let peer = "http://127.0.0.1:\(directory.ports.last ?? 0)"
    let own = [
      ServiceSetting("data-dir", directory.file("data")), ServiceSetting("name", "contend"),
      ServiceSetting("listen-client-urls", url(in: directory)),
      ServiceSetting("advertise-client-urls", url(in: directory)), ServiceSetting("listen-peer-urls", peer),
      ServiceSetting("initial-advertise-peer-urls", peer), ServiceSetting("initial-cluster", "contend=\(peer)"),
      ServiceSetting("log-level", "warn"),
    ]
    return [Command(path: folder + "/etcd", arguments: (own + settings).map { "--\($0.name)=\($0.value)" })]
  }

  func settings(maximumClients: Int) -> [ServiceSetting] {
    [ServiceSetting("heartbeat-interval", "100"), ServiceSetting("election-timeout", "1000")]
  }

  func isReady(in directory: PrivateDirectory) -> Bool {
    guard let port = directory.ports.first else { return false }
    let request = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    guard let answer = ask(Array(request.utf8), port: port) else { return false }
    return String(decoding: answer, as: UTF8.self).hasSuffix("{\"health\":\"true\"}")
  }

  func url(in directory: PrivateDirectory) -> String { "http://127.0.0.1:\(directory.ports.first ?? 0)" }

  /// From "etcd Version: 3.4.23".
  func version(in answer: String) -> String? {
    answer.firstRange(of: "Version: ").map { answer[$0.upperBound...].prefix { !$0.isWhitespace } }.map(String.init)
  }

  let deathSignal = SIGKILL
  let stopSignals: [(signal: CInt, patience: Duration)] = [(SIGTERM, .seconds(4))]
}
