import Foundation
import Glibc
import Model
import Testing

@testable import PostgresStrategies

/// A standby of a private PostgreSQL: a copy of its files, in recovery for ever, because it has no primary.
final class StandbyServer {
  let url: String
  private let folder: String
  private let server: Process

  init(of primary: String) throws {
    var template = Array("/tmp/contend-standby-XXXXXX".utf8CString)
    folder = String(cString: try #require(mkdtemp(&template)))
    let session = try PostgresServer.connect(primary)
    let programs = try #require(FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql").max())
    let socket = try session.run("SHOW unix_socket_directories")[0][0].trimmingCharacters(in: ["\""])
    url = "postgresql:///postgres?host=\(folder)&user=contend"
    // The server refuses to run as root, and the primary's account is the one that may read its socket.
    try Self.run(["/bin/chown", "postgres", folder])
    let binaries = "/usr/lib/postgresql/\(programs)/bin"
    try Self.run(
      Self.asServer + [
        "\(binaries)/pg_basebackup", "-h", socket, "-U", "contend", "-D", folder + "/data", "-X", "fetch", "-c", "fast",
      ])
    try Self.run(Self.asServer + ["/usr/bin/touch", folder + "/data/standby.signal"])
    server = try Self.start(
      Self.asServer + [
        "\(binaries)/postgres", "-D", folder + "/data", "-c", "unix_socket_directories=\(folder)", "-c",
        "listen_addresses=", "-c", "hot_standby=on", "-c",
        "max_connections=\(session.run("SHOW max_connections")[0][0])",
        "-c", "max_prepared_transactions=\(session.run("SHOW max_prepared_transactions")[0][0])",
      ])
    try waitUntil("the standby answers") { (try? PostgresServer.connect(url)) != nil }
  }

  func stop() {
    server.interrupt()
    server.waitUntilExit()
    try? FileManager.default.removeItem(atPath: folder)
  }

  private static var asServer: [String] {
    getuid() == 0 ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
  }

  private static func start(_ words: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private static func run(_ words: [String]) throws {
    let process = try start(words)
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw SetupFailure("\(words) failed") }
  }
}
