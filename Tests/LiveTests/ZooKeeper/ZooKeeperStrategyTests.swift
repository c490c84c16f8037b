#if ZooKeeper
import Glibc
import MemoryStrategies
import Model
import Runtime
import Services
import StrategyCatalog
import Testing
import TrialSupport
import Workloads

@testable import ZooKeeperStrategies

/// Every strategy of ZooKeeper under every workload, and what goes wrong on the way.
@Suite(.serialized) struct ZooKeeperStrategyTests {
  private static let protecting = ["zookeeper.lock", "zookeeper.herd-lock", "zookeeper.versioned"]

  static let cases = protecting.flatMap { strategy in WorkloadRegistry.samples.map { TrialCase(strategy, $0) } }

  @Test("no strategy loses anything", arguments: cases)
  func correct(_ planned: TrialCase) throws {
    var trial = try Trial(planned)
    trial.operations = 120
    try trial.run().expectProtection(started: 120)
  }

  @Test("the control is caught", arguments: WorkloadRegistry.samples.filter(\.showsRaces))
  func control(_ workload: WorkloadSettings) throws {
    try repeated(until: \.showsViolation) { try Trial("zookeeper.none", workload).run() }.expectViolation()
  }

  @Test("a version that moved is a conflict")
  func conflicts() throws {
    var trial = try Trial("zookeeper.versioned")
    trial.workload.hold = .milliseconds(2)
    trial.operations = 60
    let outcome = try trial.run()
    #expect(outcome.verdict == .pass)
    #expect(outcome.total[.conflict] > 0)
    #expect(outcome.total.failedAttempts == outcome.total[.conflict])
  }

  @Test("the floor changes nothing")
  func floor() throws {
    let outcome = try Trial("floor.zookeeper-get").run()
    #expect(outcome.total[.committed] == 300)
    #expect(outcome.total[.statements] == 300)
    #expect(outcome.final == [0])
  }

  // MARK: the lock

  @Test("who waits watches one node, in the herd all of them: each release asks the herd for more")
  func requests() throws {
    func requests(_ strategy: String) throws -> Int64 {
      var trial = try Trial(strategy)
      trial.workload.hold = .milliseconds(1)
      trial.operations = 160
      let outcome = try trial.run()
      #expect(outcome.verdict == .pass)
      #expect(outcome.total[.polls] > 0)
      return outcome.total[.statements]
    }
    let queue = try requests("zookeeper.lock")
    // Create, list, watch, list, read, write, delete, and a watch more when the node before was gone already.
    #expect(queue <= 160 * 9)
    #expect(try requests("zookeeper.herd-lock") > queue)
  }

  @Test(
    "a lock that stays taken is given up after the timeout, and leaves no place in the queue",
    arguments: protecting[..<2])
  func notAcquired(strategy: String) throws {
    var trial = try Trial(strategy)
    trial.options = ["timeout": .duration(.milliseconds(30))]
    trial.workload.hold = .milliseconds(500)
    trial.retry.attempts = 2
    trial.operations = 2
    trial.workers = 2
    var left: [String] = ["not looked at"]
    let outcome = try trial.run {
    } inspect: {
      let configuration = try ZooKeeperConfiguration(
        url: trial.url, namespace: trial.namespace, session: .seconds(10))
      left = try BlockingConnection(configuration).ask { $0.children(configuration.lock(0)) }.children
    }
    outcome.expectCountsAddUp()
    #expect(outcome.total[.committed] == 1)
    #expect(outcome.total[.gaveUp] == 1)
    #expect(outcome.total[.notAcquired] == 2)
    #expect(outcome.verdict == .pass)
    #expect(left == [])
  }

  @Test("the lock protects another store", arguments: protecting[..<2])
  func composed(strategy: String) throws {
    var trial = try Trial(strategy, over: "memory", "transfer", keys: 4)
    trial.operations = 100
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    #expect(outcome.verdict == .pass, "\(outcome.checks)")
    #expect(outcome.total[.overlaps] == 0)
    for store in ["postgres", "redis"] {
      #expect(
        StrategyCatalog.entry(id: strategy, over: store)?.descriptor.services(over: store) == ["zookeeper", store])
    }
  }

  @Test("cut connections keep the session: locks stay locked, and no place is left behind", arguments: protecting)
  func cutConnections(strategy: String) throws {
    let port = try #require(PrivateService.url("zookeeper").split(separator: ":").last.flatMap { Int($0) })
    let proxy = try CuttingProxy(to: port)
    defer { proxy.stop() }
    var trial = try Trial(strategy, "transfer", keys: 3, ["initial": .integer(1000)])
    trial.url = "zookeeper://127.0.0.1:\(proxy.port)"
    trial.workload.hold = .milliseconds(1)
    trial.operations = 200
    let outcome = try trial.run {
      for _ in 0..<5 {
        usleep(60_000)
        proxy.cut()
      }
    }
    // A cut may hit a connection that is being made anew.
    outcome.expectCountsAddUp(hasErrors: nil)
    #expect(outcome.verdict != .violation, "\(outcome.checks)")
    #expect(outcome.total[.connectionLost] + outcome.total[.ambiguous] > 3)
    #expect(outcome.total[.unknown] == outcome.total[.ambiguous])
    #expect(outcome.total[.reconnects] > 3)
    #expect(outcome.total[.started] == 200)
    #expect(outcome.total[.failed] == 0)
    #expect(outcome.total[.overlaps] == 0)
    #expect(outcome.total[.expiredHolds] == 0)
  }

  @Test("a client that falls silent in the queue is passed over when its session expires", arguments: protecting[..<2])
  func silentClient(strategy: String) throws {
    var trial = try Trial(strategy)
    trial.workload.hold = .milliseconds(1)
    trial.operations = 200
    // The shortest session that the server allows.
    let configuration = try ZooKeeperConfiguration(url: trial.url, namespace: trial.namespace, session: .seconds(4))
    var silent: BlockingConnection?
    var place = ""
    let outcome = try trial.run {
      let connection = try BlockingConnection(configuration)
      try connection.ask(besides: .nodeExists) { $0.create(configuration.lock(0), .container) }
      place = try connection.ask { $0.create(configuration.lock(0) + "/_c_silent-lock-", .ephemeralSequential) }.path
      silent = connection
    } inspect: {
      let names = try BlockingConnection(configuration).ask { $0.children(configuration.lock(0)) }.children
      #expect(names == [])
    }
    outcome.expectCountsAddUp()
    #expect(place.contains("_c_silent-lock-"))
    #expect(outcome.total[.committed] == 200)
    #expect(outcome.verdict == .pass)
    #expect(outcome.total[.overlaps] == 0)
    #expect(silent != nil)
  }

  @Test("a waiter that takes the lock when its watch fires, without looking again, is caught")
  func herdWithoutRecheck() throws {
    let descriptor = StrategyDescriptor(
      id: "zookeeper.hasty", summary: "planted", documentation: .sample, needs: ["zookeeper"], store: "zookeeper",
      options: HerdTurn.descriptor(over: "zookeeper").options, scope: .network, threading: .shared, returnsValues: true)
    let entry = StrategyEntry(descriptor, Locked<HastyZooKeeperLock, ZooKeeperRecords>.self)
    var trial = try Trial(planted: entry)
    trial.workload.hold = .milliseconds(2)
    trial.operations = 100
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    #expect(outcome.verdict == .violation, "\(outcome.checks)")
    #expect(outcome.kinds.contains(.lostUpdate))
    #expect(outcome.total[.overlaps] > 0)
  }

  // MARK: parts

  @Test("numbers decide whose turn it is, not names, negative ones after 2^31 nodes too")
  func turns() {
    var random = RandomSource(seed: 1, stream: 1)
    var place = LockPlace(key: 0, parent: "/q", random: &random)
    place.setPath(place.prefix + "0000000012", creation: 0)
    let own = String(place.path.dropFirst("/q/".count))
    #expect(place.turn(among: [own, "_c_ff-lock-0000000013"]) == .holds)
    #expect(
      place.turn(among: ["_c_00-lock-0000000002", own, "_c_zz-lock-0000000011"]) == .waits("/q/_c_zz-lock-0000000011"))
    #expect(place.turn(among: ["_c_00-lock-0000000002"]) == .isGone)
    #expect(place.turn(among: [own, "_c_00-lock--2147483648"]) == .waits("/q/_c_00-lock--2147483648"))
    #expect(place.isOurs(own) && !place.isOurs("_c_00-lock-0000000012"))
  }

  @Test(
    "addresses",
    arguments: [
      ("zookeeper://a", "a:2181"), ("zookeeper://a:1,b:2", "a:1,b:2"),
      ("zookeeper://a,b/shop/x", "a:2181,b:2181/shop/x"),
      ("zookeeper://a/", "a:2181"), ("zookeeper://", nil), ("zookeeper://a:b", nil), ("zookeeper://u:secret@a", nil),
      ("zookeeper://a,,b", nil), ("zookeeper://a:70000", nil), ("http://a", nil),
    ] as [(String, String?)])
  func addresses(url: String, hosts: String?) throws {
    if let hosts {
      #expect(try ZooKeeperConfiguration.hosts(in: url) == hosts)
    } else {
      let failure = #expect(throws: SetupFailure.self) { try ZooKeeperConfiguration.hosts(in: url) }
      #expect(failure?.message.contains("secret") == false)
    }
  }

  @Test("a server that is not there is one sentence")
  func noServer() throws {
    let url = "zookeeper://127.0.0.1:\(try FakeServer.unusedPort())"
    let failure = #expect(throws: SetupFailure.self) {
      try ZooKeeperRegistry.administration(url: url, namespace: "nobody")
    }
    #expect(failure?.message.hasPrefix("cannot reach ZooKeeper at 127.0.0.1:") == true)
  }

  @Test("ids are unique, and everything needs ZooKeeper alone")
  func registry() {
    let all = (ZooKeeperRegistry.strategies + ZooKeeperRegistry.floors).map(\.descriptor)
    #expect(Set(all.map(\.id)).count == all.count)
    #expect(all.allSatisfy { $0.services(over: nil) == ["zookeeper"] && $0.scope == .network })
    #expect(all.filter { $0.grade == .required }.map(\.id) == ["zookeeper.none"])
  }
}
#endif
