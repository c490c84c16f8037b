import Foundation
import Glibc
import Model
import Testing

@testable import RedisStrategies

/// Servers that take no writes, or not all of them, are refused before anything is measured.
@Suite(.serialized) struct RedisRoleTests {
  /// A server of its own on a port of 127.0.0.1; another port when somebody else was quicker to take it.
  private static func withServer(_ arguments: [String], _ body: (_ url: String) throws -> Void) throws {
    for _ in 1...5 {
      let port = try FakeServer.unusedPort()
      if try serve(port, arguments, body) { return }
    }
    Issue.record("no server stayed up on five ports")
  }

  /// Returns whether the server came up.
  private static func serve(
    _ port: Int, _ arguments: [String], _ body: (_ url: String) throws -> Void
  ) throws -> Bool {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("contend-redis-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // A Sentinel wants a file that it can write to.
    try "save \"\"".write(to: folder.appendingPathComponent("redis.conf"), atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/redis-server")
    process.arguments = ["redis.conf", "--port", "\(port)", "--bind", "127.0.0.1", "--dir", folder.path] + arguments
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    // It inherits the blocked signals of this thread, so that nothing milder ends it.
    defer {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let url = "redis://127.0.0.1:\(port)"
    // Another one may answer at the port; ours has ended then.
    try waitUntil("Redis accepts") {
      let information = try? RedisServer.connect(url).command(["INFO", "server"])
      return !process.isRunning || "\(information, default: "")".contains("process_id:\(process.processIdentifier)")
    }
    guard process.isRunning else { return false }
    try body(url)
    return true
  }

  private static func refusal(_ url: String) throws -> String {
    try #require(throws: SetupFailure.self) { try RedisAdministration(url: url, namespace: "test") }.message
  }

  @Test("a Redis Cluster")
  func cluster() throws {
    // Its own port lies 10,000 higher, where there may be none.
    let bus = try FakeServer.unusedPort()
    try Self.withServer(["--cluster-enabled", "yes", "--cluster-port", "\(bus)"]) { url in
      let message = try Self.refusal(url)
      #expect(message.contains("Redis Cluster") && message.contains("'cluster-enabled no'"), "\(message)")
    }
  }

  @Test("a replica, whose master is named")
  func replica() throws {
    try Self.withServer(["--replicaof", "127.0.0.1", "1"]) { url in
      let message = try Self.refusal(url)
      #expect(message.hasSuffix("is a replica, which takes no writes; name its master in the URL: redis://127.0.0.1:1"))
    }
  }

  @Test("a Sentinel")
  func sentinel() throws {
    try Self.withServer(["--sentinel"]) { url in
      let message = try Self.refusal(url)
      #expect(message.contains("is a Sentinel"), "\(message)")
    }
  }
}
