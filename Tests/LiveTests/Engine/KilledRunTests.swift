import Foundation
import Glibc
import Model
import Services
import Testing

@testable import PostgresStrategies
@testable import RedisStrategies

/// Whichever process of a run is killed, and when: nothing of the run is left. `scripts/kill-anything` does so many times.
@Suite(.serialized) struct KilledRunTests {
  /// Runs on a server of somebody else until something of it is there, kills the driver, and waits until nothing is.
  private func expectRemoval(
    of strategies: String, services: String, from content: () throws -> [String]
  ) throws {
    #expect(try content().isEmpty)
    let run = try KilledRun(strategies: strategies, services: services)
    try waitUntil("the run has begun") { try run.processes().count >= 4 && !content().isEmpty }
    run.kill()
    try run.waitUntilGone()
    let left = try content()
    #expect(left.isEmpty)
  }

  @Test("a driver that is killed leaves no key in a Redis of somebody else")
  func keys() throws {
    let (pool, url) = try IdleSessionTests.server("redis")
    defer { pool.stop() }
    let session = try RedisServer.connect(url)
    try expectRemoval(of: "[redis.lock]", services: "{redis: '\(url.prefix { $0 != "," })'}") {
      try session.command(["KEYS", "*"]).elements.compactMap(\.text)
    }
  }

  @Test("a driver that is killed leaves no schema in a PostgreSQL of somebody else")
  func schemas() throws {
    let name = "killed_\(UUID().uuidString.prefix(8).lowercased())"
    let session = try PostgresServer.administer()
    _ = try session.run("CREATE DATABASE \(name)")
    defer { _ = try? session.run("DROP DATABASE \(name)") }
    let url = try PostgresServer.url(database: name)
    try expectRemoval(of: "[postgres.for-update]", services: "{postgres: '\(url)'}") {
      let session = try PostgresServer.connect(url)
      return try session.run("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'contend%'").flatMap { $0 }
    }
  }

  #if SQLite
  @Test("a driver that is killed leaves no database file that was not there")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("killed-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("new.db")
    try expectRemoval(of: "[sqlite.immediate]", services: "{sqlite: 'file://\(file.path)'}") {
      try FileManager.default.contentsOfDirectory(atPath: folder.path)
    }
  }
  #endif

  @Test("nothing is left of a run of which some process was killed", arguments: 0..<4)
  func anything(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed), stream: 1)
    let run = try KilledRun(
      strategies: "[redis.lock, host.flock]",
      faults: seed % 2 == 0 ? "[{kind: pause-worker, target: any, at: 1ms, for: 19s}]" : "[]")
    try waitUntil("it has started something") { run.processes().count >= 2 }
    usleep(UInt32(random.below(800_000)))
    let processes = run.processes()
    let victim = processes[Int(random.below(UInt64(processes.count)))]
    run.kill(victim)
    // A run survives the death of its guard or its server by a trial that fails, and goes on with the next strategy.
    if victim != processes[0] {
      usleep(300_000)
      run.interrupt()
    }
    try run.waitUntilGone()
  }
}
