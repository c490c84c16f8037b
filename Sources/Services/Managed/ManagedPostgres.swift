internal import Glibc
internal import Model

/// PostgreSQL: a fresh cluster with the superuser `contend` and the database `postgres`, on a unix socket only.
///
/// Durability stays on (`fsync`, `synchronous_commit`, `full_page_writes` keep their defaults); so do autovacuum, the
/// deadlock timeout of one second and everything else that ``settings(maximumClients:)`` does not name.
struct ManagedPostgres: ManagedServer {
  /// `postgres`, or the name of a further server beside it.
  var name = "postgres"
  let software = "PostgreSQL"
  let debianPackage = "postgresql"
  let account: String? = "postgres"
  let programs = ["postgres", "initdb"]
  /// Part of the name of the socket only: nothing listens on a network port.
  static let port = 5432

  var socketName: String { ".s.PGSQL.\(Self.port)" }

  /// Debian keeps every major version in a folder of its own.
  var usualFolders: [String] {
    let versions = namesOfFiles(in: "/usr/lib/postgresql").compactMap { name in Double(name).map { ($0, name) } }
    return versions.sorted { $0.0 > $1.0 }.map { "/usr/lib/postgresql/\($0.1)/bin" } + ["/usr/local/pgsql/bin"]
  }

  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command] {
    [Self.initialization(of: directory.file("data"), programs: folder)]
  }

  /// What makes a cluster in a folder.
  static func initialization(of data: String, programs folder: String) -> Command {
    // Whoever reaches the socket may connect, and the directory's mode lets only its owner and root reach it.
    // --no-sync concerns the files that initdb writes, not the server.
    let arguments = [
      "--pgdata=\(data)", "--username=contend", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync",
      "--no-instructions",
    ]
    return Command(path: folder + "/initdb", arguments: arguments)
  }

  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command] {
    [
      Self.command(
        of: directory.file("data"), port: Self.port, in: directory, programs: folder, settings: settings)
    ]
  }

  /// A server on a cluster, with its socket in the private directory.
  static func command(
    of data: String, port: Int, in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]
  ) -> Command {
    let all = settings + [ServiceSetting("unix_socket_directories", quoted(directory.path))]
    return Command(
      path: folder + "/postgres",
      arguments: ["-D", data, "-p", "\(port)"] + all.flatMap { ["-c", "\($0.name)=\($0.value)"] })
  }

  func settings(maximumClients: Int) -> [ServiceSetting] {
    [
      ServiceSetting("listen_addresses", ""),
      ServiceSetting("max_connections", "\(maximumClients)"),
      // Each client may have one.
      ServiceSetting("max_prepared_transactions", "\(maximumClients)"),
      ServiceSetting("shared_buffers", "128MB"),
      ServiceSetting("track_io_timing", "off"),
      // Conflicts and deadlocks are errors by the thousand here; clients count them, the log need not.
      ServiceSetting("log_min_messages", "log"),
    ]
  }

  /// Sends the start-up packet of protocol 3.0 and looks for the answer that the user may enter ('R'); a server that
  /// is still starting sends an error instead (PostgreSQL manual, "Message Formats").
  func isReady(_ member: Int, in directory: PrivateDirectory) -> Bool {
    Self.letsIn(socket: directory.file(socketName))
  }

  /// Whether who listens at a socket lets our user in.
  static func letsIn(socket: String) -> Bool { welcome(socket: socket)?.first == UInt8(ascii: "R") }

  /// What who listens at a socket says to our user first; nil when nobody answers.
  static func welcome(socket: String) -> [UInt8]? {
    var body: [UInt8] = [0, 3, 0, 0]
    for text in ["user", "contend", "database", "postgres"] { body += Array(text.utf8) + [0] }
    body.append(0)
    let packet = [0, 0, 0, UInt8(body.count + 4)] + body
    return ask(packet, socket: socket)
  }

  /// The port is stated so that `PGPORT` in somebody's environment does not lead clients to another socket.
  func url(in directory: PrivateDirectory) -> String { Self.url(in: directory, port: Self.port) }

  /// How clients reach our user's database through a socket with the name of a port.
  static func url(in directory: PrivateDirectory, port: Int) -> String {
    "postgresql:///postgres?host=\(directory.path.percentEncoded)&port=\(port)&user=contend"
  }

  /// From "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)".
  func version(in answer: String) -> String? {
    answer.firstRange(of: "(PostgreSQL) ").map { answer[$0.upperBound...].prefix { !$0.isWhitespace } }.map(String.init)
  }

  /// Immediate shutdown, not SIGKILL: the postmaster ends its children and releases its shared memory.
  let deathSignal = SIGQUIT
  /// Fast shutdown, then immediate shutdown.
  let stopSignals: [(signal: CInt, patience: Duration)] = [(SIGINT, .seconds(4)), (SIGQUIT, .seconds(1))]

  /// `unix_socket_directories` is a list: a name in double quotes may hold commas and blanks.
  private static func quoted(_ path: String) -> String {
    "\"" + path.reduce(into: "") { $0 += $1 == "\"" ? "\"\"" : String($1) } + "\""
  }
}
