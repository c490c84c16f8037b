internal import Glibc

/// PostgreSQL three times: a primary and two standbys that stream from it, in one private directory and on unix sockets
/// only.
///
/// All are copies of one fresh cluster that was shut down in good order, which takes no base backup; it stays as the
/// template from which they can be made again. Replication is asynchronous until somebody names synchronous standbys.
struct ManagedPostgresReplicas: ManagedServer {
  let name = "postgres-replicas"
  /// Member 0 is the primary; the others have its number in ``standbyName(_:)``.
  let members = 3
  let replicates = true
  private let single = ManagedPostgres()

  var software: String { single.software }
  var debianPackage: String { single.debianPackage }
  var account: String? { single.account }
  var programs: [String] { single.programs }
  var usualFolders: [String] { single.usualFolders }
  var deathSignal: CInt { single.deathSignal }
  var stopSignals: [(signal: CInt, patience: Duration)] { single.stopSignals }
  var socketName: String { socketName(0) }

  private static let template = "template"

  private func port(_ member: Int) -> Int { ManagedPostgres.port + member }
  private func socketName(_ member: Int) -> String { ".s.PGSQL.\(port(member))" }
  private func data(_ member: Int) -> String { "data-\(member + 1)" }
  /// What a standby is called where synchronous standbys are named.
  private func standbyName(_ member: Int) -> String { "replica_\(member)" }

  /// What each standby has in place of what `ALTER SYSTEM` has written: there it can be changed while it runs, as it
  /// could not be if it stood on the command line.
  func files(in directory: PrivateDirectory, settings: [ServiceSetting]) -> [String: String] {
    let host = directory.path.replacing("'", with: "''")
    var files = ["standby.signal": ""]
    for member in 1..<members {
      files["standby-\(member).conf"] = """
        primary_conninfo = 'host=''\(host)'' port=\(port(0)) user=contend application_name=\(standbyName(member))'

        """
    }
    return files
  }

  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command] {
    [ManagedPostgres.initialization(of: directory.file(Self.template), programs: folder)] + renewal(in: directory)
  }

  func renewal(in directory: PrivateDirectory) -> [Command] {
    let folders = (0..<members).map { directory.file(data($0)) }
    // Half of a fresh cluster is log that nothing was written to.
    let copies = folders.map {
      Command(path: "/bin/cp", arguments: ["-a", "--sparse=always", directory.file(Self.template), $0])
    }
    let settings = (1..<members).map { member in
      Command(
        path: "/usr/bin/install",
        arguments: [
          "-m", "600", directory.file("standby-\(member).conf"), folders[member] + "/postgresql.auto.conf",
        ])
    }
    let signals = (1..<members).map { member in
      Command(
        path: "/usr/bin/install",
        arguments: ["-m", "600", directory.file("standby.signal"), folders[member] + "/standby.signal"])
    }
    return [Command(path: "/bin/rm", arguments: ["-rf"] + folders)] + copies + settings + signals
  }

  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command] {
    (0..<members).map {
      ManagedPostgres.command(
        of: directory.file(data($0)), port: port($0), in: directory, programs: folder, settings: settings)
    }
  }

  /// Those of a standby must be at least those of its primary, so all have the same; and those with which a cluster is made.
  func settings(maximumClients: Int) -> [ServiceSetting] {
    single.settings(maximumClients: max(100, maximumClients)) + [
      // A standby that starts before its primary would try again after five seconds.
      ServiceSetting("wal_retrieve_retry_interval", "100ms"),
      // For a standby that was away.
      ServiceSetting("wal_keep_size", "256MB"),
    ]
  }

  func isReady(_ member: Int, in directory: PrivateDirectory) -> Bool {
    ManagedPostgres.letsIn(socket: directory.file(socketName(member)))
  }

  /// Version 14 and later say so to everybody who enters.
  func leads(_ member: Int, in directory: PrivateDirectory) -> Bool {
    let answer = ManagedPostgres.welcome(socket: directory.file(socketName(member))) ?? []
    return String(decoding: answer, as: UTF8.self).contains("in_hot_standby\0off\0")
  }

  /// The addresses are separated by commas, the primary first.
  func url(in directory: PrivateDirectory) -> String {
    (0..<members).map { ManagedPostgres.url(in: directory, port: port($0)) }.joined(separator: ",")
  }

  func version(in answer: String) -> String? { single.version(in: answer) }
}
