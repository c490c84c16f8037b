import Engine
import Model
import Runtime
import Services
import StrategyCatalog
import Testing
import TrialSupport

@testable import PostgresStrategies

/// A primary and two standbys: who reads what, and how late.
@Suite(.serialized) struct PostgresReplicaTests {
  private static let service = "postgres-replicas"
  private static var urls: [String] {
    get throws { try PrivateService.url(service).split(separator: ",").map(String.init) }
  }

  /// Where lag is to be seen, standbys lag for certain, so that nothing hangs on luck.
  private func run(
    _ strategy: String, _ options: [String: OptionValue] = [:], freshness: String = "latest", reads: Double = 0.7,
    operations: Int = 300
  ) throws -> TrialResult {
    var trial = EngineTrial(
      "\(Self.service).\(strategy)", "profile", keys: 2,
      ["fields": .integer(1), "reads": .number(reads), "freshness": .word(freshness)], workers: 4, processes: 2,
      operations: operations)
    trial.options = options
    trial.urls = [Self.service: try PrivateService.url(Self.service)]
    let result = try trial.run()
    #expect(result.total[.committed] == Int64(operations))
    result.expectServerAgrees()
    return result
  }

  private func kinds(_ result: TrialResult) -> Set<Violation.Kind> { Set(result.violations.map(\.kind)) }

  @Test("reads on the primary are fresh, and so are reads of what every standby has applied")
  func fresh() throws {
    #expect(try run("primary-reads").verdict == .pass)
    let applied = try run("remote-apply", ["lag": .duration(.milliseconds(3))])
    #expect(applied.verdict == .pass, "\(applied.checks)")
  }

  @Test("a standby that lags hides changes from everybody, also from those who have made them")
  func lagging() throws {
    let result = try run("replica-reads", ["lag": .duration(.milliseconds(300))])
    #expect(kinds(result).isSuperset(of: [.staleRead, .notMyOwnWrite]), "\(result.checks)")
    // Whoever is asked for less finds as much.
    let session = try run("replica-reads", ["lag": .duration(.milliseconds(300))], freshness: "session")
    #expect(kinds(session).contains(.notMyOwnWrite) && !kinds(session).contains(.staleRead), "\(session.checks)")
    #expect(session.checks.flatMap(\.allowed).contains { $0.kind == .staleRead })
    for url in try Self.urls.dropFirst() {
      let delay = try PostgresServer.connect(url).run("SHOW recovery_min_apply_delay")
      #expect(delay == [["0"]], "the server is as it was")
    }
  }

  @Test("who reads on the primary after a change sees it, as long as the standby lags for less")
  func sticky() throws {
    let lag = OptionValue.duration(.milliseconds(50))
    let long = try run("sticky-reads", ["lag": lag, "after-write": .duration(.seconds(30))], freshness: "session")
    #expect(!kinds(long).contains(.notMyOwnWrite), "\(long.checks)")
    let short = try run("sticky-reads", ["lag": lag, "after-write": .duration(.zero)], freshness: "session")
    #expect(kinds(short).contains(.notMyOwnWrite), "\(short.checks)")
  }

  @Test("of two standbys the slower one makes time go back, unless a read waits for what was seen")
  func oneLags() throws {
    // With a session that is over when operations are counted.
    func setLag(_ text: String) throws {
      let slow = try PostgresServer.connect(Self.urls[2])
      try slow.run("ALTER SYSTEM SET recovery_min_apply_delay = '\(text)'")
      try slow.run("SELECT pg_reload_conf()")
    }
    try setLag("40ms")
    defer { try? setLag("0") }
    let careless = try run("replica-reads", freshness: "session", operations: 600)
    #expect(kinds(careless).contains(.nonMonotonicRead), "\(careless.checks)")
    let waiting = try run("wait-for-lsn", freshness: "session", reads: 0.5, operations: 120)
    #expect(waiting.verdict == .pass, "\(waiting.checks)")
    #expect(waiting.total[.polls] > 0)
    let stages = try #require(waiting.stageNames == ["lag", "wait"] ? waiting.phases.stages : nil)
    #expect(stages[1].total > 0 && stages[0].total > 0)
  }

  @Test("the service must be a primary and its standbys")
  func refusals() throws {
    let urls = try Self.urls
    func problem(_ url: String) -> String {
      var message = ""
      do {
        _ = try StrategyCatalog.administration(of: Self.service, url: url, namespace: "none").describe()
      } catch { message = error.message }
      return message
    }
    #expect(problem(urls[0]).contains("names one server and no replica"))
    #expect(problem(urls[0] + "," + urls[0]).contains("server 2 is no standby of the first"))
    #expect(
      problem(urls[0] + "," + (try PrivateService.url("postgres"))).contains("server 2 is no standby of the first"))
    #expect(problem(urls[1] + "," + urls[0]).contains("names a standby"))
    #expect(problem(urls.joined(separator: ",")).isEmpty)
  }

  @Test("a driver that is killed leaves the settings of somebody else's servers as they were")
  func killedDriver() throws {
    let sessions = try Self.urls.prefix(2).map { try PostgresServer.connect($0) }
    func settings() throws -> [String] {
      [
        try sessions[0].run("SHOW synchronous_standby_names")[0][0],
        try sessions[1].run("SHOW recovery_min_apply_delay")[0][0],
      ]
    }
    #expect(try settings() == ["", "0"])
    let url = try PrivateService.url(Self.service)
    let run = try KilledRun(
      strategies: "[{id: \(Self.service).remote-apply, lag: 1ms}]", services: "{\(Self.service): '\(url)'}")
    try waitUntil("the run has begun") {
      try run.processes().count >= 4 && settings() == ["FIRST 2 (replica_1, replica_2)", "1ms"]
    }
    run.kill()
    try run.waitUntilGone()
    try waitUntil("the settings are as they were") { try settings() == ["", "0"] }
  }
}
