internal import Glibc

/// memcached: an empty server on a unix socket only.
///
/// Memory, threads and eviction stay as memcached sets them, and are stated because they matter for results: a server
/// whose memory is full evicts records and locks.
struct ManagedMemcached: ManagedServer {
  let name = "memcached"
  let software = "memcached"
  let debianPackage = "memcached"
  let account: String? = "memcache"
  let programs = ["memcached"]
  let usualFolders = ["/usr/bin", "/usr/local/bin", "/usr/sbin"]
  let socketName = "memcached.sock"

  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command] { [] }

  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command] {
    let own = [ServiceSetting("unix-socket", directory.file(socketName))]
    return [
      Command(path: folder + "/memcached", arguments: (settings + own).map { "--\($0.name)=\($0.value)" })
    ]
  }

  func settings(maximumClients: Int) -> [ServiceSetting] {
    [
      ServiceSetting("memory-limit", "64"),
      ServiceSetting("threads", "4"),
      ServiceSetting("conn-limit", "\(max(1024, maximumClients))"),
    ]
  }

  func isReady(_ member: Int, in directory: PrivateDirectory) -> Bool {
    ask(Array("mn\r\n".utf8), socket: directory.file(socketName)) == Array("MN\r\n".utf8)
  }

  func url(in directory: PrivateDirectory) -> String { "unix://" + directory.file(socketName) }

  /// From "memcached 1.6.18".
  func version(in answer: String) -> String? {
    guard answer.hasPrefix("memcached ") else { return nil }
    return String(answer.dropFirst("memcached ".count).prefix { !$0.isWhitespace })
  }

  /// memcached has nothing to release.
  let deathSignal = SIGKILL
  let stopSignals: [(signal: CInt, patience: Duration)] = [(SIGTERM, .seconds(5))]
}
