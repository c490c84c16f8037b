internal import Glibc

/// PostgreSQL: a fresh cluster with the superuser `contend` and the database `postgres`, on a unix socket only.
///
/// Durability stays on (`fsync`, `synchronous_commit`, `full_page_writes` keep their defaults); so do autovacuum, the
/// deadlock timeout of one second and everything else that ``settings(maximumClients:)`` does not name.
struct ManagedPostgres: ManagedServer {
  let name = "postgres"
  let software = "PostgreSQL"
  let debianPackage = "postgresql"
  let account: String? = "postgres"
  let programs = ["postgres", "initdb"]
  /// Part of the name of the socket only: nothing listens on a network port.
  private let port = 5432

  var socketName: String { ".s.PGSQL.\(port)" }

  /// Debian keeps every major version in a folder of its own.
  var usualFolders: [String] {
    let versions = namesOfFiles(in: "/usr/lib/postgresql").compactMap { name in Double(name).map { ($0, name) } }
    return versions.sorted { $0.0 > $1.0 }.map { "/usr/lib/postgresql/\($0.1)/bin" } + ["/usr/local/pgsql/bin"]
  }

  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command] {
    // Whoever reaches the socket may connect, and the directory's mode lets only its owner and root reach it.
    // --no-sync concerns the files that initdb writes, not the server.
    let arguments = [
      "--pgdata=\(directory.file("data"))", "--username=contend", "--auth=trust", "--encoding=UTF8", "--locale=C",
      "--no-sync", "--no-instructions",
    ]
    return [Command(path: folder + "/initdb", arguments: arguments)]
  }

  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command] {
    let all = settings + [ServiceSetting("unix_socket_directories", quoted(directory.path))]
    return [
      Command(
        path: folder + "/postgres",
        arguments: ["-D", directory.file("data"), "-p", "\(port)"] + all.flatMap { ["-c", "\($0.name)=\($0.value)"] })
    ]
  }

  func settings(maximumClients: Int) -> [ServiceSetting] {
    [
      ServiceSetting("listen_addresses", ""),
      ServiceSetting("max_connections", "\(maximumClients)"),
      ServiceSetting("max_prepared_transactions", "64"),
      ServiceSetting("shared_buffers", "128MB"),
      ServiceSetting("track_io_timing", "off"),
      // Conflicts and deadlocks are errors by the thousand here; clients count them, the log need not.
      ServiceSetting("log_min_messages", "log"),
    ]
  }

  /// Sends the start-up packet of protocol 3.0 and looks for the answer that the user may enter ('R'); a server that
  /// is still starting sends an error instead (PostgreSQL manual, "Message Formats").
  func isReady(in directory: PrivateDirectory) -> Bool { Self.letsIn(socket: directory.file(socketName)) }

  /// Whether who listens at a socket lets our user in.
  static func letsIn(socket: String) -> Bool {
    var body: [UInt8] = [0, 3, 0, 0]
    for text in ["user", "contend", "database", "postgres"] { body += Array(text.utf8) + [0] }
    body.append(0)
    let packet = [0, 0, 0, UInt8(body.count + 4)] + body
    return ask(packet, socket: socket)?.first == UInt8(ascii: "R")
  }

  /// The port is stated so that `PGPORT` in somebody's environment does not lead clients to another socket.
  func url(in directory: PrivateDirectory) -> String {
    "postgresql:///postgres?host=\(percentEncoded(directory.path))&port=\(port)&user=contend"
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
  private func quoted(_ path: String) -> String {
    "\"" + path.reduce(into: "") { $0 += $1 == "\"" ? "\"\"" : String($1) } + "\""
  }
}

/// Encodes what a URL's query cannot hold literally (RFC 3986, section 2.1).
func percentEncoded(_ text: String) -> String {
  text.utf8.reduce(into: "") { result, byte in
    let character = Character(UnicodeScalar(byte))
    if byte < 128, character.isLetter || character.isNumber || "-._~/".contains(character) {
      result.append(character)
    } else {
      result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }
}
