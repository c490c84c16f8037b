#if ZooKeeper
internal import Model
internal import Runtime

/// What all workers of a process share: where the servers are, and how the nodes of the run are called.
public struct ZooKeeperConfiguration: Sendable {
  /// As the library takes them: `host:port,host:port/chroot`.
  let hosts: String
  let sessionMilliseconds: Int32
  private let root: String

  init(_ environment: StrategyEnvironment) throws(SetupFailure) {
    try self.init(
      url: environment.endpoint("zookeeper"), namespace: environment.namespace,
      session: Options(Self.options, stated: environment.options.values).duration("session-timeout"))
  }

  init(url: String, namespace: String, session: Duration) throws(SetupFailure) {
    hosts = try Self.hosts(in: url)
    root = "/" + namespace
    sessionMilliseconds = Int32(clamping: session.nanoseconds / 1_000_000)
  }

  /// Options of every strategy that has sessions.
  static let options = [
    OptionSpecification(
      "session-timeout", .duration(.milliseconds(100) ... .seconds(3600)), default: .duration(.seconds(60)),
      "How long the server keeps the nodes of a silent client; it allows 2 to 20 of its ticks (of 2 s).")
  ]

  /// The node above all others of the run.
  var rootNode: String { root }
  var recordsNode: String { root + "/records" }
  var locksNode: String { root + "/locks" }
  /// Its children are the sessions of workers.
  var sessionsNode: String { root + "/sessions" }
  func record(_ key: Int32) -> String { "\(root)/records/\(key)" }
  /// The parent of those who want the lock of a record.
  func lock(_ key: Int32) -> String { "\(root)/locks/\(key)" }

  /// From `zookeeper://host[:port][,host[:port]...][/chroot]`.
  static func hosts(in url: String) throws(SetupFailure) -> String {
    let scheme = "zookeeper://"
    let rest = url.dropFirst(scheme.count)
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let hosts = rest[..<slash].split(separator: ",", omittingEmptySubsequences: false)
    guard url.hasPrefix(scheme), !rest.contains("@"), hosts.allSatisfy(isHost) else {
      throw SetupFailure(
        "a ZooKeeper URL is zookeeper://host[:port][,host[:port]...][/node], without user and password, but "
          + "'\(Redaction.url(url))' is not")
    }
    let chroot = rest[slash...] == "/" ? "" : rest[slash...]
    return hosts.map { $0.contains(":") ? String($0) : $0 + ":2181" }.joined(separator: ",") + chroot
  }

  private static func isHost(_ text: Substring) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let name = parts.first, !name.isEmpty, parts.count <= 2 else { return false }
    return parts.count == 1 || (1...65_535).contains(Int(parts[1]) ?? 0)
  }
}
#endif
