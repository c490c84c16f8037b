internal import Glibc
internal import Model

/// MariaDB: a fresh data folder with the user `root` and no password, on a unix socket only.
///
/// Nothing is read from the machine's configuration files, so durability and isolation have the server's defaults
/// (`innodb_flush_log_at_trx_commit` 1, REPEATABLE READ, no binary log).
struct ManagedMariaDB: ManagedServer {
  /// `mariadb`, or the name of a further server beside it.
  var name = "mariadb"
  let software = "MariaDB"
  let debianPackage = "mariadb-server"
  let account: String? = "mysql"
  let programs = ["mariadbd"]
  let usualFolders = ["/usr/sbin", "/usr/local/mysql/bin"]
  let socketName = "mariadb.sock"

  func preparation(in directory: PrivateDirectory, programs folder: String) -> [Command] {
    // Whoever reaches the socket may connect, and the directory's mode lets only its owner and root reach it.
    let arguments = [
      "--no-defaults", "--datadir=\(directory.file("data"))", "--auth-root-authentication-method=normal",
      "--skip-name-resolve", "--skip-test-db", temporaryFolder(in: directory),
    ]
    return [Command(path: folder + "/../bin/mariadb-install-db", arguments: arguments)]
  }

  func commands(in directory: PrivateDirectory, programs folder: String, settings: [ServiceSetting]) -> [Command] {
    let own = [
      "--no-defaults", "--datadir=\(directory.file("data"))", "--socket=\(directory.file(socketName))",
      "--pid-file=\(directory.file("mariadb.pid"))", "--skip-networking",
      temporaryFolder(in: directory),
    ]
    return [Command(path: folder + "/mariadbd", arguments: own + settings.map { "--\($0.name)=\($0.value)" })]
  }

  /// A server that starts deletes the temporary tables that it finds, those of others in the same folder, too.
  private func temporaryFolder(in directory: PrivateDirectory) -> String { "--tmpdir=\(directory.path)" }

  func settings(maximumClients: Int) -> [ServiceSetting] {
    [
      ServiceSetting("max_connections", "\(maximumClients)"),
      // Lost connections are made on purpose here; clients count them, the log need not.
      ServiceSetting("log_warnings", "1"),
    ]
  }

  /// The server speaks first: a packet whose body begins with protocol version 10.
  func isReady(_ member: Int, in directory: PrivateDirectory) -> Bool {
    guard let greeting = ask([], socket: directory.file(socketName)), greeting.count > 4 else { return false }
    return greeting[4] == 10
  }

  func url(in directory: PrivateDirectory) -> String {
    "mariadb://root@localhost?socket=\(directory.file(socketName).percentEncoded)"
  }

  /// From "mariadbd  Ver 10.11.14-MariaDB-0+deb12u2 for debian-linux-gnu on x86_64 (Debian 12)".
  func version(in answer: String) -> String? {
    answer.firstRange(of: " Ver ").map { answer[$0.upperBound...].prefix { $0.isNumber || $0 == "." } }
      .map(String.init)
  }

  let deathSignal = SIGKILL
  let stopSignals: [(signal: CInt, patience: Duration)] = [(SIGTERM, .seconds(5))]
}
