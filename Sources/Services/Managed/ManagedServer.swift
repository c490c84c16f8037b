internal import Model

/// A kind of server that we can start: everything that differs between PostgreSQL, Redis and the others.
///
/// A server may be one process or several, such as an ensemble; an embedded store has none, and only its private
/// directory is managed.
/// The driver and the guard process both work from it: the driver finds the programs, the guard runs them.
protocol ManagedServer: Sendable {
  /// Name of the kind.
  var name: String { get }
  /// Name of the service in scenario files.
  var service: String { get }
  /// Of how many servers it consists: members of an ensemble, or servers that know nothing of each other.
  var members: Int { get }
  /// Whether it is several servers that agree.
  var isEnsemble: Bool { get }
  /// Whether its first member is a primary at the start of each trial and the others are its replicas.
  var replicates: Bool { get }
  /// Whether its members can be separated from each other though they are no ensemble.
  var hasSeparableReplicas: Bool { get }
  /// The managed service that it stands in front of and that must run first; nil for most.
  var upstream: String? { get }
  /// The same server in front of one whose private directory is given.
  func behind(_ directory: String) -> any ManagedServer
  /// The same server with members that meet each other at another loopback address, where a proxy stands before the
  /// ports that ``peerPorts(of:in:)`` names; itself where members do not meet.
  func withSeparableMembers() -> any ManagedServer
  /// The ports at which other members meet a member, from 0.
  func peerPorts(of member: Int, in directory: PrivateDirectory) -> [Int]
  /// Name of the software in messages.
  var software: String { get }
  /// The Debian package that installs it.
  var debianPackage: String { get }
  /// The account that runs it when we are root; the package creates it. Nil for our own.
  var account: String? { get }
  /// The programs that we run, all in one folder; the first is the server. Empty for an embedded store.
  var programs: [String] { get }
  /// Folders besides `PATH` where packages install the programs, best first.
  var usualFolders: [String] { get }
  /// Name of its unix socket, or of the file of an embedded store, in the private directory; else of some file in it.
  var socketName: String { get }

  /// How many loopback ports it needs; none when it has unix sockets.
  var portCount: Int { get }
  /// What makes the first program print its version.
  var versionArgument: String { get }

  /// Files that it reads, by name: written into the private directory before anything is run.
  func files(in directory: PrivateDirectory, settings: [ServiceSetting]) -> [String: String]
  /// What is run to its end before the first start.
  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command]
  /// What is run to its end so that its members, none of which runs, begin anew; empty for most, which never must.
  func renewal(in directory: PrivateDirectory) -> [Command]
  /// The server itself, one command for each of its members, or none; they stay in the foreground and log to their
  /// standard error.
  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command]
  /// What the server needs beside it: started before it, and ended after it. Not to be a member.
  func companions(in directory: PrivateDirectory) -> [Command]
  /// Settings that we state because they matter for results, for this many clients.
  func settings(maximumClients: Int) -> [ServiceSetting]
  /// Whether one of its members, from 0, accepts commands by now.
  func isReady(_ member: Int, in directory: PrivateDirectory) -> Bool
  /// Whether a member leads the others; false where nobody does.
  func leads(_ member: Int, in directory: PrivateDirectory) -> Bool
  /// The address for clients.
  func url(in directory: PrivateDirectory) -> String
  /// The version in the answer to ``versionArgument``.
  func version(in answer: String) -> String?
  /// The version of the server in a folder; nil when it cannot be run or answers otherwise.
  func installedVersion(in folder: String) -> String?

  /// Sent to the server when its guard dies, so that it never outlives it.
  var deathSignal: CInt { get }
  /// How to ask it to end, each with the time it is given; SIGKILL follows.
  var stopSignals: [(signal: CInt, patience: Duration)] { get }
}

extension ManagedServer {
  var service: String { name }
  var members: Int { 1 }
  var isEnsemble: Bool { false }
  var replicates: Bool { false }
  var hasSeparableReplicas: Bool { false }
  func renewal(in directory: PrivateDirectory) -> [Command] { [] }
  func leads(_ member: Int, in directory: PrivateDirectory) -> Bool { false }
  var upstream: String? { nil }
  func behind(_ directory: String) -> any ManagedServer { self }
  func withSeparableMembers() -> any ManagedServer { self }
  func peerPorts(of member: Int, in directory: PrivateDirectory) -> [Int] { [] }
  var portCount: Int { 0 }
  var versionArgument: String { "--version" }
  func files(in directory: PrivateDirectory, settings: [ServiceSetting]) -> [String: String] { [:] }
  func companions(in directory: PrivateDirectory) -> [Command] { [] }
}

/// One setting of a server.
public struct ServiceSetting: Sendable, Equatable, Codable {
  /// The server's own name for it.
  public let name: String
  /// Its value, as the server reads it.
  public let value: String
  /// Makes a setting.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// The servers that we can start.
enum ManagedServers {
  static let all: [any ManagedServer] = [
    ManagedPostgres(), ManagedPostgresReplicas(), ManagedPgBouncer(), ManagedRedis(),
    ManagedRedis(name: "redlock", members: 5), ManagedRedis(name: "redis-replicas", members: 3, replicates: true),
    ManagedRedis(name: "redis-sentinel", members: 3, replicates: true, sentinels: 3),
    ManagedLockFiles(), ManagedSQLite(), ManagedZooKeeper(), ManagedZooKeeper(members: 3), ManagedMariaDB(),
    ManagedEtcd(), ManagedEtcd(members: 3), ManagedMemcached(), ManagedRabbitMQ(),
  ]
  /// One for each service: those that are no ensembles.
  static var single: [any ManagedServer] { all.filter { !$0.isEnsemble } }
  /// The server of this name, as a guard is told it; nil when we cannot start it.
  static func named(_ name: String) -> (any ManagedServer)? { all.first { $0.name == name } ?? further(name) }
  /// The server, or the ensemble, of a service; nil when we cannot start one.
  static func of(_ service: String, isEnsemble: Bool) -> (any ManagedServer)? {
    all.first { $0.service == service && $0.isEnsemble == isEnsemble } ?? (isEnsemble ? nil : further(service))
  }
  /// A further server of a kind, for records that are spread over several: `postgres-2`.
  private static func further(_ name: String) -> (any ManagedServer)? {
    switch ShardedStore.furtherInstance(name)?.service {
    case "postgres": ManagedPostgres(name: name)
    case "mariadb": ManagedMariaDB(name: name)
    default: nil
    }
  }
}
