import Foundation
import Testing

@testable import Services

/// What the tests of this target share.
enum Support {
  /// The built `contend`, which guards servers; it lies beside the test bundle.
  static let contend: String = {
    let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
    let folder = (bundle ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath())
      .deletingLastPathComponent()
    return folder.appendingPathComponent("contend").path
  }()

  static var options: LaunchOptions {
    var options = LaunchOptions()
    options.guardExecutable = contend
    return options
  }

  /// Starts one private server.
  static func start(_ name: String, _ options: LaunchOptions = options) throws -> RunningService {
    let server = try #require(ManagedServers.named(name))
    return try RunningService(StartingService(server, options))
  }

  /// Every server that stands alone and starts in a second or two. RabbitMQ takes seven, and has tests of its own.
  static let servers = ManagedServers.all.filter {
    !$0.programs.isEmpty && $0.upstream == nil && $0.name != "rabbitmq"
  }.map(\.name)

  /// The private directory of a server.
  static func directory(of service: RunningService) throws -> String { try #require(service.directory).path }

  /// Runs a statement through psql; nil when it fails.
  static func psql(_ url: String, _ statement: String) throws -> String? {
    let path = try client("psql", of: ManagedPostgres())
    return Command(path: path, arguments: ["-XAtqc", statement, url]).output()?.trimmed
  }

  /// Sends a command through redis-cli; nil when it fails.
  static func redis(_ url: String, _ command: String...) throws -> String? {
    let path = try client("redis-cli", of: ManagedRedis())
    let socket = String(url.dropFirst("unix://".count))
    return Command(path: path, arguments: ["-s", socket] + command).output()?.trimmed
  }

  /// Path of a client program; it may lie in another folder than the server.
  private static func client(_ name: String, of server: some ManagedServer) throws -> String {
    let paths = (ProgramFolders.system + server.usualFolders).map { $0 + "/" + name }
    return try #require(paths.first { access($0, X_OK) == 0 }, "\(name) is not installed")
  }

  /// Waits until a condition holds.
  static func eventually(within limit: Duration, _ condition: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + limit
    while !condition() {
      if ContinuousClock.now > deadline { return false }
      usleep(10_000)
    }
    return true
  }

  /// Whether a process runs: one that has ended but was not waited for does not.
  static func isRunning(_ process: pid_t) -> Bool { ProcessTree.Entry(process: process)?.isZombie == false }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Makes a folder with scripts in the place of server programs, readable by everybody.
  static func folder(scripts: [String: String]) throws -> String {
    var template = Array("/tmp/contend-test-XXXXXX".utf8CString)
    _ = try #require(mkdtemp(&template))
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    chmod(folder, 0o755)
    for (name, text) in scripts {
      try text.write(toFile: folder + "/" + name, atomically: false, encoding: .utf8)
      chmod(folder + "/" + name, 0o755)
    }
    return folder
  }
}

extension String {
  var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
