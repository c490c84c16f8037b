#if MariaDB
import Glibc
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport
import Workloads

@testable import MariaDBStrategies

/// Every strategy of MariaDB under every workload, and what goes wrong on the way. One after the other: the server's
/// counts are those of the whole server.
@Suite(.serialized) struct MariaDBStrategyTests {
  private func connect() throws -> AdministrationConnection {
    try AdministrationConnection(Address(url: PrivateService.url("mariadb")))
  }

  private static let protecting = MariaDBRegistry.strategies.map(\.descriptor).filter { $0.grade == .forbidden }

  static let cases = TrialCase.all(protecting)

  @Test("no strategy loses anything, and the server counts what we count", arguments: cases)
  func correct(_ planned: TrialCase) throws {
    var trial = try Trial(planned)
    // Every strategy under every sample: what a disk has to sync counts many times.
    trial.operations = 160
    let outcome = try trial.run()
    outcome.expectProtection(started: trial.operations)
    outcome.expectServerAgrees()
  }

  @Test(
    "the controls are caught", arguments: ["mariadb.none", "mariadb.repeatable-read"],
    WorkloadRegistry.samples.filter(\.showsRaces))
  func controls(_ strategy: String, _ workload: WorkloadSettings) throws {
    // A transaction keeps several values together, so that only what is written can be wrong.
    if strategy == "mariadb.repeatable-read" && workload.kind == "profile" { return }
    let outcome = try repeated(until: { $0.verdict == .violation }) { try Trial(strategy, workload).run() }
    outcome.expectCountsAddUp()
    #expect(outcome.verdict == .violation, "\(outcome.checks)")
  }

  // MARK: failure classes

  @Test(
    "shared locks that must become exclusive deadlock",
    arguments: ["lock-in-share-mode", "serializable", "count-then-insert"])
  func upgrades(name: String) throws {
    var trial = try Trial("mariadb." + name)
    trial.workload.hold = .milliseconds(1)
    trial.operations = 100
    let outcome = try trial.run()
    outcome.expectServerAgrees()
    #expect(outcome.total[.deadlock] > 10)
    #expect(outcome.total.failedAttempts == outcome.total[.deadlock])
    #expect(outcome.verdict == .pass)
  }

  @Test(
    "locks in different orders deadlock, and the server breaks it",
    arguments: ["mariadb.for-update", "mariadb.get-lock"])
  func orders(strategy: String) throws {
    var trial = try Trial(strategy, "transfer", keys: 3, ["initial": .integer(1000), "ordered": .flag(false)])
    trial.workload.hold = .milliseconds(1)
    trial.operations = 200
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    outcome.expectServerAgrees()
    #expect(outcome.total[.deadlock] > 0)
    #expect(outcome.total.failedAttempts == outcome.total[.deadlock])
    #expect(outcome.total[.overlaps] == 0)
    #expect(outcome.verdict == .pass, "\(outcome.checks)")
  }

  @Test("who waits longer than lock-wait-timeout gets a lock timeout, and keeps no lock")
  func waiting() throws {
    var trial = try Trial("mariadb.for-update")
    trial.options = ["lock-wait-timeout": .duration(.zero)]
    trial.workload.hold = .milliseconds(3)
    trial.operations = 60
    let outcome = try trial.run()
    outcome.expectServerAgrees()
    #expect(outcome.total[.lockTimeout] > 0)
    #expect(outcome.total.failedAttempts == outcome.total[.lockTimeout])
    #expect(outcome.verdict == .pass)
  }

  @Test("a lock that stays taken is given up after the timeout")
  func notAcquired() throws {
    var trial = try Trial("mariadb.get-lock")
    trial.options = ["timeout": .duration(.milliseconds(20))]
    trial.workload.hold = .milliseconds(400)
    trial.retry.attempts = 2
    trial.operations = 2
    trial.workers = 2
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    #expect(outcome.total[.committed] == 1)
    #expect(outcome.total[.gaveUp] == 1)
    #expect(outcome.total[.notAcquired] == 2)
    #expect(outcome.verdict == .pass)
  }

  @Test("a version that moved is a conflict")
  func versions() throws {
    var trial = try Trial("mariadb.optimistic")
    trial.workload.hold = .milliseconds(1)
    trial.operations = 100
    let outcome = try trial.run()
    #expect(outcome.verdict == .pass)
    #expect(outcome.total[.conflict] > 0)
    #expect(outcome.total.failedAttempts == outcome.total[.conflict])
  }

  @Test(
    "killed connections are classified and replaced",
    arguments: ["mariadb.for-update", "mariadb.optimistic", "mariadb.atomic", "mariadb.get-lock"])
  func killedConnections(strategy: String) throws {
    var trial = try Trial(strategy, "transfer", keys: 4, ["initial": .integer(1000)])
    trial.workload.hold = .milliseconds(1)
    trial.operations = 600
    let connection = try connect()
    let outcome = try trial.run {
      for _ in 0..<8 {
        usleep(20_000)
        let sessions = try connection.run(
          "SELECT id FROM information_schema.processlist WHERE db = '\(trial.namespace)'")
        for session in sessions { _ = try? connection.run("KILL \(session[0])") }
      }
    }
    // A session may be killed while it is being opened again, which is noted.
    outcome.expectCountsAddUp(hasErrors: nil)
    // A lock of GET_LOCK is gone with its session, while the write of its holder may be under way in another.
    if strategy != "mariadb.get-lock" { #expect(outcome.verdict != .violation, "\(outcome.checks)") }
    #expect(outcome.total[.reconnects] > 4)
    #expect(outcome.total[.connectionLost] + outcome.total[.ambiguous] > 4)
    #expect(outcome.total[.unknown] == outcome.total[.ambiguous])
    #expect(outcome.total[.started] == 600)
    #expect(outcome.total[.failed] == 0)
  }

  @Test(
    "error numbers have classes",
    arguments: [
      (1213, .deadlock), (1205, .lockTimeout), (1969, .error), (1317, .error), (1020, .conflict),
      (2006, .connectionLost), (2013, .connectionLost), (1927, .connectionLost), (1064, .error), (1062, .error),
    ] as [(UInt32, AttemptFailure)])
  func classes(number: UInt32, failure: AttemptFailure) {
    let code = ErrorCode(number: number)
    #expect(code.failure(decides: false) == failure)
    let isDoubtful = [2013, 1927].contains(number)
    #expect(code.failure(decides: true) == (isDoubtful ? .ambiguous : failure))
  }

  // MARK: parts

  @Test("the lock protects another store")
  func composed() throws {
    let outcome = try Trial("mariadb.get-lock", over: "memory", "transfer", keys: 4).run()
    outcome.expectCountsAddUp()
    #expect(outcome.verdict == .pass, "\(outcome.checks)")
    #expect(outcome.total[.overlaps] == 0)
    for store in ["postgres", "redis"] {
      let composed = StrategyCatalog.entry(id: "mariadb.get-lock", over: store)
      #expect(composed?.descriptor.services(over: store) == ["mariadb", store])
    }
  }

  @Test("locks of other backends go over its records", arguments: ["memory.mutex", "redis.lock"])
  func composedOver(id: String) throws {
    var trial = EngineTrial(id, over: "mariadb", "transfer", keys: 3, workers: 4, operations: 100)
    trial.urls = ["mariadb": try PrivateService.url("mariadb")]
    let result = try trial.run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.store == "mariadb" && result.total[.overlaps] == 0)
  }

  @Test("the floor changes nothing")
  func floor() throws {
    let outcome = try Trial("floor.mariadb-select").run()
    #expect(outcome.total[.committed] == 300)
    #expect(outcome.final == [0])
  }

  @Test("numbers are written as they are", arguments: [0, 7, -7, 1_234_567_890, .max, .min] as [Int64])
  func numbers(number: Int64) {
    var statement = StatementText()
    statement.append("x = ")
    statement.append(number)
    #expect(String(decoding: statement.text.map { UInt8(bitPattern: $0) }, as: UTF8.self) == "x = \(number)")
  }

  @Test("addresses")
  func addresses() throws {
    let full = try Address(url: "mariadb://shop:p%40ss:w@db.example:3307/ignored")
    #expect(full.host == "db.example" && full.port == 3307 && full.user == "shop" && full.password == "p@ss:w")
    let local = try Address(url: "mysql://root@localhost?socket=/run/a%20b.sock")
    #expect(local.host == nil && local.socket == "/run/a b.sock" && local.user == "root" && local.password == nil)
    #expect(try Address(url: "mariadb://[::1]:1").host == "::1")
    let secure = try Address(url: "mariadb://u@a:1?ssl-ca=/etc/a%20b.pem")
    #expect(secure.authorities == "/etc/a b.pem" && secure.host == "a" && secure.socket == nil)
    let wrong = [
      "mariadb://", "redis://a", "mariadb://localhost:1?socket=/s", "mariadb://a:secret", "mariadb://u:secret%zz@a",
      "mariadb://a?tls=1",
    ]
    for wrong in wrong + ["mariadb://a?ssl-ca=relative", "mariadb://a?ssl-ca"] {
      let failure = #expect(throws: SetupFailure.self) { try Address(url: wrong) }
      #expect(failure?.message.contains("secret") == false)
    }
  }

  @Test("a port means TCP, also on localhost")
  func port() throws {
    let socket = try #require(Address(url: PrivateService.url("mariadb")).socket)
    let proxy = try CuttingProxy(toSocket: socket)
    defer { proxy.stop() }
    let url = "mariadb://root@localhost:\(proxy.port)"
    #expect(try AdministrationConnection(Address(url: url)).run("SELECT 1") == [["1"]])
    var trial = try Trial("mariadb.atomic")
    trial.url = url
    let outcome = try trial.run()
    outcome.expectProtection(started: 300)
    #expect("\(try Address(url: "mariadb://localhost"))".contains("state a port"))
  }

  /// By TCP, where a first write to a session that has ended succeeds.
  @Test("a session that ended before the first statement has sent nothing")
  func idleSession() throws {
    let server = try ForeignServers.mariaDB()
    try server.run("SET GLOBAL wait_timeout = 1")
    defer { _ = try? server.run("SET GLOBAL wait_timeout = 50") }
    let proxy = try CuttingProxy(toSocket: #require(Address(url: ForeignServers.url("mariadb")).socket))
    defer { proxy.stop() }
    var trial = EngineTrial("mariadb.atomic", workers: 2, operations: 4)
    trial.adjust = { $0.workload.think = .milliseconds(1500) }
    trial.urls = ["mariadb": "mariadb://root@127.0.0.1:\(proxy.port)"]
    let result = try trial.run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.connectionLost] > 0 && result.total[.unknown] == 0)
    #expect(result.total[.committed] == 4)
  }

  @Test("a statement that max_statement_time cancels is an error that names it")
  func statementTime() throws {
    let server = try ForeignServers.mariaDB()
    try server.run("SET GLOBAL max_statement_time = 0.04")
    defer { _ = try? server.run("SET GLOBAL max_statement_time = 50") }
    var trial = EngineTrial("mariadb.for-update", workers: 6, operations: 24)
    trial.hold = .milliseconds(30)
    trial.urls = ["mariadb": try ForeignServers.url("mariadb")]
    let result = try trial.run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.lockTimeout] == 0 && result.total[.error] > 0)
    #expect(result.firstError?.contains("max_statement_time of the user or the server") == true)
  }

  @Test("who asks for TLS does not go without")
  func withoutTLS() throws {
    let failure = #expect(throws: SetupFailure.self) {
      let url = try PrivateService.url("mariadb") + "&ssl-ca=/etc/ssl/certs/ca-certificates.crt"
      _ = try AdministrationConnection(Address(url: url))
    }
    #expect(failure?.message.contains("SSL") == true, "\(failure?.message ?? "")")
  }

  @Test("what cannot be opened is one sentence")
  func refusals() throws {
    let port = try FakeServer.unusedPort()
    let unreachable = #expect(throws: SetupFailure.self) {
      try MariaDBRegistry.administration(url: "mariadb://127.0.0.1:\(port)", namespace: "nobody")
    }
    #expect(unreachable?.message.hasPrefix("MariaDB cannot be reached at 127.0.0.1:\(port)") == true)
    let url = try PrivateService.url("mariadb").replacing("root@", with: "nobody:secret@")
    let refused = #expect(throws: SetupFailure.self) {
      try MariaDBRegistry.administration(url: url, namespace: "nobody")
    }
    #expect(refused?.message.hasPrefix("MariaDB refused the login") == true)
    #expect(refused?.message.contains("secret") == false)
  }

  @Test("ids are unique, and everything needs MariaDB alone")
  func registry() {
    let all = (MariaDBRegistry.strategies + MariaDBRegistry.floors).map(\.descriptor)
    #expect(Set(all.map(\.id)).count == all.count)
    #expect(all.allSatisfy { $0.services(over: nil) == ["mariadb"] && $0.scope == .network })
    #expect(
      all.filter { $0.grade == .required }.map(\.id) == [
        "mariadb.none", "mariadb.read-uncommitted", "mariadb.read-committed", "mariadb.repeatable-read",
      ])
  }
}
#endif
