import Foundation
import Glibc
import Model
import Runtime
import Services
import StrategyCatalog
import Testing
import TrialSupport

@testable import RedisStrategies

/// Servers end sessions that were idle for long; trials are long.
@Suite(.serialized) struct IdleSessionTests {
  /// A server of this suite's own, whose settings nobody else has to bear.
  static func server(_ service: String) throws -> (pool: ServicePool, url: String) {
    let pool = PrivateService.makePool()
    return (pool, try pool.start([service])[0].url)
  }

  private static func administration(_ service: String, _ url: String) throws -> any StoreAdministration {
    try StrategyCatalog.administration(of: service, url: url, namespace: Trial.makeNamespace())
  }

  /// What a driver does around two trials, between which and during which its session is ended.
  private static func check(
    _ administration: any StoreAdministration, compared: [String], whileIdle end: () throws -> Void
  ) throws {
    try end()
    try administration.prepare(values: [3, 4])
    try end()
    try administration.settle(within: .seconds(5))
    #expect(try administration.values() == [3, 4])
    try end()
    let checks = try administration.crossChecks(Tally())
    #expect(checks.map(\.name) == compared)
    for check in checks { #expect(abs(check.server) <= check.slack, "\(check)") }
    try administration.prepare(values: [5])
    #expect(try administration.values() == [5])
    try end()
    try administration.remove()
  }

  @Test("PostgreSQL: idle_session_timeout")
  func postgres() throws {
    let (pool, url) = try Self.server("postgres")
    defer { pool.stop() }
    let administration = try Self.administration(
      "postgres", "\(url)&options=-c%20idle_session_timeout%3D200")
    try Self.check(administration, compared: ["commits", "deadlocks", "rollbacks"]) { usleep(400_000) }
  }

  @Test("Redis: timeout")
  func redis() throws {
    let (pool, url) = try Self.server("redis")
    defer { pool.stop() }
    let owner = try RedisServer.connect(url)
    _ = try owner.command(["CONFIG", "SET", "timeout", "1"])
    try Self.check(try Self.administration("redis", url), compared: ["commands"]) { usleep(2_300_000) }
  }

  #if MariaDB
  @Test("MariaDB: wait_timeout")
  func mariadb() throws {
    let (pool, url) = try Self.server("mariadb")
    defer { pool.stop() }
    try MariaDBSession.run("SET GLOBAL wait_timeout = 1", url)
    try Self.check(try Self.administration("mariadb", url), compared: ["commits", "deadlocks", "rollbacks"]) {
      usleep(1_400_000)
    }
  }
  #endif

  #if ZooKeeper
  @Test("ZooKeeper: the session expires")
  func zookeeper() throws {
    let administration = try ZooKeeperSession.administration(
      PrivateService.url("zookeeper"), Trial.makeNamespace(), timeout: .seconds(4))
    try administration.prepare(values: [3, 4])
    // The server looks every 2 s which sessions have been silent for 4 s.
    sleep(7)
    try administration.settle(within: .seconds(5))
    #expect(try administration.values() == [3, 4])
    try administration.remove()
  }
  #endif

  #if Etcd && DynamoDB
  @Test("connections that are cut while nobody uses them", arguments: ["etcd", "dynamodb"])
  func cut(service: String) throws {
    let proxy = try Self.proxy(to: service)
    defer { proxy.stop() }
    let administration = try Self.administration(service, Self.url(of: proxy, for: service))
    try Self.check(administration, compared: []) {
      proxy.cut()
      usleep(20_000)
    }
  }
  #endif

  #if Memcached
  @Test("memcached: idle_timeout, for the driver and for workers")
  func memcached() throws {
    let port = try FakeServer.unusedPort()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/memcached")
    process.arguments = ["-u", "nobody", "-l", "127.0.0.1", "-p", "\(port)", "-o", "idle_timeout=1"]
    try process.run()
    // It inherits the blocked signals of this thread, so that nothing milder ends it.
    defer {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let url = "memcached://127.0.0.1:\(port)"
    try waitUntil("memcached accepts") { (try? Self.administration("memcached", url)) != nil }
    try Self.check(try Self.administration("memcached", url), compared: ["commands"]) { usleep(3_500_000) }
    // memcached looks for idle connections in rounds: one may be twice as old as it must be, and a second or two more.
    let outcome = try Self.trial("memcached", "memcached.incr", url: url, at: url, pause: .seconds(7)) {}
    #expect(outcome.total[.connectionLost] > 0)
  }
  #endif

  // MARK: workers

  @Test("a Redis worker whose first statement meets the end of its session has sent nothing")
  func redisWorker() throws {
    let (pool, url) = try Self.server("redis")
    defer { pool.stop() }
    let owner = try RedisServer.connect(url)
    let outcome = try Self.trial("redis", "redis.lua", url: url, at: url, pause: .seconds(1)) {
      usleep(500_000)
      _ = try owner.command(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"])
    }
    #expect(outcome.total[.connectionLost] == 1)
  }

  #if Etcd && DynamoDB && ZooKeeper
  @Test(
    "a statement that meets a connection which was cut before has sent nothing",
    arguments: [
      ("etcd", "etcd.txn"), ("zookeeper", "zookeeper.versioned"), ("dynamodb", "dynamodb.optimistic"),
      ("dynamodb", "dynamodb.atomic"),
    ])
  func worker(service: String, strategy: String) throws {
    let proxy = try Self.proxy(to: service)
    defer { proxy.stop() }
    let direct = try PrivateService.url(service)
    let cutURL = Self.url(of: proxy, for: service)
    let outcome = try Self.trial(service, strategy, url: direct, at: cutURL, pause: .seconds(1)) {
      usleep(500_000)
      proxy.cut()
    }
    // A connection of HTTP/1.1 may be closed between any two requests (RFC 9112, 9.3): a client just opens another.
    #expect(outcome.total[.connectionLost] == (service == "dynamodb" ? 0 : 1))
  }

  private static func proxy(to service: String) throws -> CuttingProxy {
    let url = try PrivateService.url(service)
    return try CuttingProxy(to: #require(url.split(separator: ":").last.flatMap { Int($0.prefix { $0.isNumber }) }))
  }

  private static func url(of proxy: CuttingProxy, for service: String) -> String {
    switch service {
    case "dynamodb": "http://any:any@127.0.0.1:\(proxy.port)"
    case "etcd": "http://127.0.0.1:\(proxy.port)"
    default: "\(service)://127.0.0.1:\(proxy.port)"
    }
  }
  #endif

  /// One worker and two operations, that pauses between them, or within them where it reads first: during the first
  /// pause its connection is ended.
  private static func trial(
    _ service: String, _ strategy: String, url: String, at workerURL: String, pause: Duration, end: () throws -> Void
  ) throws -> TrialOutcome {
    var trial = Trial(try #require(StrategyCatalog.entry(id: strategy, over: nil)))
    trial.servers = [
      TrialServer(service, url: workerURL) {
        try StrategyCatalog.administration(of: service, url: url, namespace: $0)
      }
    ]
    let readsFirst = ["etcd.txn", "zookeeper.versioned", "dynamodb.optimistic"].contains(strategy)
    if readsFirst { trial.workload.hold = pause } else { trial.workload.think = pause }
    trial.workers = 1
    trial.operations = 2
    let outcome = try trial.run(disturb: end)
    outcome.expectCountsAddUp()
    #expect(outcome.total[.unknown] == 0 && outcome.total[.committed] == 2, "\(outcome.total)")
    #expect(outcome.final == [2] && outcome.verdict == .pass, "\(outcome.checks)")
    return outcome
  }
}
