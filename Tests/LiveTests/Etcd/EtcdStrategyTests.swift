#if Etcd
import Glibc
import NetworkTransport
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport
import Workloads

@testable import EtcdStrategies

/// Every strategy of etcd under every workload, and what goes wrong on the way.
@Suite(.serialized) struct EtcdStrategyTests {
  private static let protecting = ["etcd.lock", "etcd.lock-service", "etcd.txn", "etcd.stm"]

  static let cases = protecting.flatMap { strategy in WorkloadRegistry.samples.map { TrialCase(strategy, $0) } }

  @Test("no strategy loses anything", arguments: cases)
  func correct(_ planned: TrialCase) throws {
    var trial = try Trial(planned)
    trial.operations = 120
    try trial.run().expectProtection(started: 120)
  }

  /// Reads of several records are transactions, so only what is written can be wrong.
  @Test("the control is caught", arguments: WorkloadRegistry.samples.filter { $0.showsRaces && $0.kind != "profile" })
  func control(_ workload: WorkloadSettings) throws {
    try repeated(until: \.showsViolation) { try Trial("etcd.none", workload).run() }.expectViolation()
  }

  @Test("a revision that moved is a conflict", arguments: ["etcd.txn", "etcd.stm"])
  func conflicts(strategy: String) throws {
    var trial = try Trial(strategy)
    trial.workload.hold = .milliseconds(2)
    trial.operations = 60
    let outcome = try trial.run()
    #expect(outcome.verdict == .pass)
    #expect(outcome.total[.conflict] > 0)
    #expect(outcome.total.failedAttempts == outcome.total[.conflict])
    // What the conflict has fetched needs no reading.
    let reads = strategy == "etcd.stm" ? 60 : 60 + outcome.total[.conflict]
    #expect(outcome.total[.statements] == reads + 60 + outcome.total[.conflict])
  }

  @Test("the floor changes nothing")
  func floor() throws {
    let outcome = try Trial("floor.etcd-range").run()
    #expect(outcome.total[.committed] == 300)
    #expect(outcome.total[.statements] == 300)
    #expect(outcome.final == [0])
  }

  // MARK: the locks

  @Test(
    "a lock that stays taken is given up after the timeout, and leaves no place in the queue",
    arguments: protecting[..<2])
  func notAcquired(strategy: String) throws {
    var trial = try Trial(strategy)
    trial.options = ["timeout": .duration(.milliseconds(40))]
    trial.workload.hold = .milliseconds(500)
    trial.retry.attempts = 2
    trial.operations = 2
    trial.workers = 2
    var left: Int64 = -1
    let outcome = try trial.run {
    } inspect: {
      let locks = RangeRequest(keys: .prefix(Keys(namespace: trial.namespace).locks), countsOnly: true)
      left = try BlockingGRPCConnection(try Endpoints(url: trial.url)).require(locks).count
    }
    outcome.expectCountsAddUp()
    #expect(outcome.total[.committed] == 1)
    #expect(outcome.total[.gaveUp] == 1)
    #expect(outcome.total[.notAcquired] == 2)
    #expect(outcome.verdict == .pass)
    #expect(left == 0)
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
      #expect(StrategyCatalog.entry(id: strategy, over: store)?.descriptor.services(over: store) == ["etcd", store])
    }
  }

  @Test("cut connections are classified and replaced, and no place is left behind", arguments: protecting)
  func cutConnections(strategy: String) throws {
    let port = try #require(PrivateService.url("etcd").split(separator: ":").last.flatMap { Int($0) })
    let proxy = try CuttingProxy(to: port)
    defer { proxy.stop() }
    var trial = try Trial(strategy, "transfer", keys: 3, ["initial": .integer(1000)])
    trial.url = "http://127.0.0.1:\(proxy.port)"
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
  }

  @Test("a client that falls silent in the queue is passed over when its lease expires", arguments: protecting[..<2])
  func silentClient(strategy: String) throws {
    var trial = try Trial(strategy)
    trial.workload.hold = .milliseconds(1)
    trial.operations = 150
    let connection = BlockingGRPCConnection(try Endpoints(url: trial.url))
    let key = Keys(namespace: trial.namespace).lock(0) + "/silent"
    var wasThere = false
    var isThere = true
    let outcome = try trial.run {
      // The shortest lease that the server gives.
      let lease = try connection.require(LeaseGrantRequest(seconds: 1)).lease
      _ = try connection.require(PutRequest(key: key, value: "", lease: lease))
      wasThere = try connection.require(RangeRequest(keys: .one(key))).count == 1
    } inspect: {
      isThere = try connection.require(RangeRequest(keys: .one(key))).count == 1
    }
    outcome.expectCountsAddUp()
    #expect(wasThere && !isThere)
    #expect(outcome.total[.committed] == 150)
    #expect(outcome.verdict == .pass)
    #expect(outcome.total[.overlaps] == 0)
  }

  @Test("leases that are kept alive outlast operations, short as they are")
  func keptAlive() throws {
    var trial = try Trial("etcd.lock")
    trial.options = ["lease": .duration(.seconds(2))]
    trial.workload.hold = .milliseconds(1500)
    trial.workers = 2
    trial.operations = 4
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    #expect(outcome.total[.committed] == 4)
    #expect(outcome.total[.expiredHolds] == 0)
    #expect(outcome.total.failedAttempts == 0)
  }

  @Test("a lock whose lease nobody keeps alive is caught when the work takes longer")
  func forgottenLease() throws {
    let descriptor = StrategyDescriptor(
      id: "etcd.forgetful", summary: "planted", documentation: .sample, needs: ["etcd"], store: "etcd",
      options: EtcdConfiguration.options, scope: .network, threading: .shared, returnsValues: true)
    let entry = StrategyEntry(descriptor, Locked<ForgetfulEtcdLock, EtcdRecords>.self)
    var trial = try Trial(planted: entry)
    trial.workload.hold = .milliseconds(4000)
    trial.workers = 2
    trial.operations = 2
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    #expect(outcome.verdict == .violation, "\(outcome.checks)")
    #expect(outcome.kinds.contains(.lostUpdate))
    #expect(outcome.total[.overlaps] > 0)
  }

  // MARK: parts

  @Test("addresses")
  func addresses() throws {
    #expect(try Endpoint(url: "http://a").description == "a:2379")
    #expect(try Endpoint(url: "http://a:1/").description == "a:1")
    #expect(try Endpoint(url: "http://[::1]:1").description == "[::1]:1")
    #expect(try Endpoint(url: "https://a").isSecure)
    for wrong in ["http://", "https://", "http://u:secret@a", "http://a:x", "http://a/b", "zookeeper://a"] {
      let failure = #expect(throws: SetupFailure.self) { try Endpoint(url: wrong) }
      #expect(failure?.message.contains("secret") == false)
    }
  }

  @Test("a server that is not there is one sentence")
  func noServer() throws {
    let url = "http://127.0.0.1:\(try FakeServer.unusedPort())"
    let failure = #expect(throws: SetupFailure.self) { try EtcdRegistry.administration(url: url, namespace: "nobody") }
    #expect(failure?.message.hasPrefix("cannot reach etcd at 127.0.0.1:") == true)
  }

  @Test("ids are unique, and everything needs etcd alone")
  func registry() {
    let all = (EtcdRegistry.strategies + EtcdRegistry.floors).map(\.descriptor)
    #expect(Set(all.map(\.id)).count == all.count)
    #expect(all.allSatisfy { $0.services(over: nil) == ["etcd"] && $0.scope == .network })
    #expect(all.filter { $0.grade == .required }.map(\.id) == ["etcd.none"])
  }
}
#endif
