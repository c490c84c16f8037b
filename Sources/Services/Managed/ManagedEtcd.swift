internal import Glibc

/// etcd: one member, or several that agree, on loopback ports.
///
/// Every write is synced to disk before it is acknowledged, as by default; so is everything else that
/// ``settings(maximumClients:)`` does not name.
struct ManagedEtcd: ManagedServer {
  let service = "etcd"
  let software = "etcd"
  let debianPackage = "etcd-server"
  let account: String? = "etcd"
  let programs = ["etcd"]
  let usualFolders = ["/usr/bin", "/usr/local/bin"]
  let socketName = "data-1"
  var members = 1
  /// Where members tell each other to meet them.
  private var peerHost = "127.0.0.1"

  init(members: Int = 1) { self.members = members }

  var isEnsemble: Bool { members > 1 }
  var name: String { isEnsemble ? "etcd-ensemble" : "etcd" }
  /// For clients, and for other members: one of each per member.
  var portCount: Int { 2 * members }

  func withSeparableMembers() -> any ManagedServer {
    var server = self
    if isEnsemble { server.peerHost = LoopbackPorts.proxyHost }
    return server
  }

  func peerPorts(of member: Int, in directory: PrivateDirectory) -> [Int] {
    isEnsemble ? Array(directory.ports.dropFirst(members + member).prefix(1)) : []
  }

  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command] { [] }

  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command] {
    let ports = directory.ports.dropFirst(members)
    let peers = ports.map { "http://\(peerHost):\($0)" }
    let cluster = peers.enumerated().map { "contend-\($0 + 1)=\($1)" }.joined(separator: ",")
    return zip(clientURLs(in: directory), ports).enumerated().map { index, place in
      let own = [
        ServiceSetting("data-dir", directory.file("data-\(index + 1)")), ServiceSetting("name", "contend-\(index + 1)"),
        ServiceSetting("listen-client-urls", place.0), ServiceSetting("advertise-client-urls", place.0),
        ServiceSetting("listen-peer-urls", "http://127.0.0.1:\(place.1)"),
        ServiceSetting("initial-advertise-peer-urls", peers[index]),
        ServiceSetting("initial-cluster", cluster), ServiceSetting("log-level", "warn"),
      ]
      return Command(path: folder + "/etcd", arguments: (own + settings).map { "--\($0.name)=\($0.value)" })
    }
  }

  func settings(maximumClients: Int) -> [ServiceSetting] {
    [ServiceSetting("heartbeat-interval", "100"), ServiceSetting("election-timeout", "1000")]
  }

  /// A member is healthy when it knows a leader.
  func isReady(_ member: Int, in directory: PrivateDirectory) -> Bool {
    answer(of: member, to: "GET /health HTTP/1.1\r\n\r\n", in: directory).hasSuffix("{\"health\":\"true\"}")
  }

  /// The status of a member tells who it is and who leads.
  func leads(_ member: Int, in directory: PrivateDirectory) -> Bool {
    let status = answer(
      of: member, to: "POST /v3/maintenance/status HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", in: directory)
    func number(_ name: String) -> Substring? {
      status.firstRange(of: "\"\(name)\":\"").map { status[$0.upperBound...].prefix(while: \.isNumber) }
    }
    return number("leader").map { $0 == number("member_id") } ?? false
  }

  /// The answer to a request, which gets the headers that all of them have.
  private func answer(of member: Int, to request: String, in directory: PrivateDirectory) -> String {
    let ports = directory.ports
    guard ports.indices.contains(member), let end = request.firstRange(of: "\r\n")?.upperBound else { return "" }
    let text = request[..<end] + "Host: localhost\r\nConnection: close\r\n" + request[end...]
    return String(decoding: ask(Array(text.utf8), port: ports[member], limit: 4096) ?? [], as: UTF8.self)
  }

  /// The addresses of several members are separated by commas.
  func url(in directory: PrivateDirectory) -> String { clientURLs(in: directory).joined(separator: ",") }

  private func clientURLs(in directory: PrivateDirectory) -> [String] {
    directory.ports.prefix(members).map { "http://127.0.0.1:\($0)" }
  }

  /// From "etcd Version: 3.4.23".
  func version(in answer: String) -> String? {
    answer.firstRange(of: "Version: ").map { answer[$0.upperBound...].prefix { !$0.isWhitespace } }.map(String.init)
  }

  let deathSignal = SIGKILL
  /// Members that end together wait in vain for one another.
  var stopSignals: [(signal: CInt, patience: Duration)] { [(SIGTERM, .seconds(members == 1 ? 4 : 1))] }
}
