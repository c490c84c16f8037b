internal import Glibc

/// PgBouncer in transaction mode, in front of the managed PostgreSQL, on a unix socket only.
///
/// Connections to the server end after a second without use, and wait for a lock no longer than a second: sessions that
/// leave locks behind are what it is here to show. All else that is not stated below is as PgBouncer has it.
struct ManagedPgBouncer: ManagedServer {
  let name = "pgbouncer"
  let software = "PgBouncer"
  let debianPackage = "pgbouncer"
  /// That of PostgreSQL, whose socket is in a directory of its own account.
  let account: String? = "postgres"
  let programs = ["pgbouncer"]
  let usualFolders = ["/usr/sbin"]
  let upstream: String? = "postgres"
  private var upstreamDirectory = ""
  /// Part of the name of the socket only: nothing listens on a network port.
  private let port = 6432

  var socketName: String { ".s.PGSQL.\(port)" }

  func behind(_ directory: String) -> any ManagedServer {
    var server = self
    server.upstreamDirectory = directory
    return server
  }

  func files(in directory: PrivateDirectory, settings: [ServiceSetting]) -> [String: String] {
    // Whoever reaches the socket may connect, as with the server itself; the user is always the same.
    let own = [
      ServiceSetting("unix_socket_dir", directory.path), ServiceSetting("listen_port", "\(port)"),
      ServiceSetting("auth_type", "any"), ServiceSetting("admin_users", "contend"),
      ServiceSetting("ignore_startup_parameters", "extra_float_digits,options"),
      ServiceSetting("log_connections", "0"), ServiceSetting("log_disconnections", "0"),
      ServiceSetting("log_pooler_errors", "0"),
    ]
    let server = "host=\(upstreamDirectory) port=\(ManagedPostgres.port) dbname=postgres user=contend"
    let text = """
      [databases]
      postgres = \(server) connect_query='SET lock_timeout TO 1000'
      [pgbouncer]
      \((own + settings).map { "\($0.name) = \($0.value)" }.joined(separator: "\n"))

      """
    return [Self.configuration: text]
  }

  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command] { [] }

  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command] {
    [Command(path: folder + "/pgbouncer", arguments: [directory.file(Self.configuration)])]
  }

  func settings(maximumClients: Int) -> [ServiceSetting] {
    [
      ServiceSetting("pool_mode", "transaction"), ServiceSetting("max_client_conn", "\(maximumClients)"),
      ServiceSetting("default_pool_size", "20"), ServiceSetting("server_idle_timeout", "1"),
    ]
  }

  /// As for PostgreSQL: it speaks the same protocol.
  func isReady(_ member: Int, in directory: PrivateDirectory) -> Bool {
    ManagedPostgres.letsIn(socket: directory.file(socketName))
  }

  func url(in directory: PrivateDirectory) -> String {
    ManagedPostgres.url(in: directory, port: port)
  }

  /// From "PgBouncer 1.18.0".
  func version(in answer: String) -> String? {
    answer.firstRange(of: "PgBouncer ").map { answer[$0.upperBound...].prefix { !$0.isWhitespace } }.map(String.init)
  }

  /// Immediate shutdown (pgbouncer(1), "Signals").
  let deathSignal = SIGTERM
  let stopSignals: [(signal: CInt, patience: Duration)] = [(SIGTERM, .seconds(2))]

  private static let configuration = "pgbouncer.ini"
}
