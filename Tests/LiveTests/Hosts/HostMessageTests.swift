import Hosts
import Model
import Runtime
import Testing
import TrialSupport

@testable import Engine

/// What hosts and their driver say to each other, and what they are not asked to do.
@Suite struct HostMessageTests {
  @Test("a sign of life comes back as it was, and bytes that make no sense do not")
  func beat() {
    var measured = Tally()
    measured[.started] = 1000
    measured[.committed] = 998
    measured[.attempts] = 1500
    var drained = Tally()
    drained[.unknown] = 2
    let beat = HostBeat([.measured: measured, .drained: drained])
    #expect(beat.payload.count < 20)
    let read = HostBeat(payload: beat.payload)
    #expect(read?.tallies[.measured]?[.committed] == 998 && read?.tallies[.drained]?[.unknown] == 2)
    #expect(HostBeat(payload: Array(beat.payload.dropLast())) == nil)
    #expect(HostBeat(payload: [0xFE, 0xFF, 0x7F, 0x02]) == nil)
    #expect(HostBeat(payload: []) == HostBeat())
  }

  @Test("evidence and sections come back as they were; an early end is noticed")
  func delivery() {
    let sections = [
      HeldSection(key: 3, entered: 5_000_000_000_000, left: 5_000_000_012_345),
      HeldSection(key: 0, entered: 4_999_999_000_000, left: 5_000_000_000_001),
    ]
    let delivery = HostDelivery(evidence: [1, 2, 3, 255], sections: sections)
    let read = HostDelivery(payload: delivery.payload)
    #expect(read?.evidence == [1, 2, 3, 255] && read?.sections == sections)
    #expect(HostDelivery(payload: Array(delivery.payload.dropLast())) == nil)
    #expect(HostDelivery(payload: [9, 0, 0, 0, 1]) == nil && HostDelivery(payload: []) == nil)
  }

  @Test("agents of another build are not taken, and told why; of another executable only if that is wanted")
  func builds() {
    let driver = HostHello(build: "contend 1 (release)", place: HostPlace(environment: [:]))
    var agent = HostHello(build: "contend 1 (release)", place: HostPlace(environment: [:]))
    agent.host = "so2"
    #expect(agent.obstacle(to: driver, allowsOtherBuild: false) == nil)
    #expect(agent.identity != driver.identity)
    agent.executable = "0"
    #expect(agent.obstacle(to: driver, allowsOtherBuild: false)?.contains("so2 runs another executable") == true)
    #expect(agent.obstacle(to: driver, allowsOtherBuild: true) == nil)
    agent.build = "contend 2 (release)"
    let reason = agent.obstacle(to: driver, allowsOtherBuild: true)
    #expect(reason?.contains("contend 1 (release)") == true && reason?.contains("contend 2 (release)") == true)
  }

  @Test(
    "what protects within one host is refused over several, with the reason",
    arguments: [("memory.mutex", "within one process"), ("redis.redlock", "nothing")])
  func strategies(id: String, reason: String) throws {
    let scenario = try TestRun.scenario("counter", strategies: [id]) { $0.load.hosts = 2 }
    let problems = HostObstacles.problems(in: scenario)
    if reason == "nothing" {
      #expect(problems.isEmpty, "\(problems)")
    } else {
      #expect(problems.count == 1 && problems[0].contains(reason), "\(problems)")
    }
  }

  @Test("faults that hosts cannot do are refused, each with its reason")
  func faults() throws {
    func problems(_ kind: String, _ options: [String: OptionValue] = [:]) throws -> [String] {
      var scenario = try TestRun.scenario("counter", strategies: ["redis.lock"]) {
        $0.load.hosts = 2
        $0.load.processes = 2
      }
      let descriptor = try #require(FaultRegistry.descriptors.first { $0.id == kind })
      scenario.faults = [
        FaultSettings(
          kind: kind, start: .duration(.milliseconds(100)), options: Options(descriptor.options, stated: options))
      ]
      return HostObstacles.problems(in: scenario)
    }
    #expect(try problems("pause-worker").isEmpty)
    #expect(try problems("kill-service").isEmpty)
    #expect(try problems("pause-worker", ["target": .integer(1)]).first?.contains("cannot name a process") == true)
    #expect(try problems("cut-connection").first?.contains("proxy") == true)
  }

  @Test("more hosts than workers, and several hosts without any")
  func fewWorkers() throws {
    let scenario = try TestRun.scenario("counter", strategies: ["redis.lock"], workers: 2) { $0.load.hosts = 3 }
    #expect(HostObstacles.problems(in: scenario).first?.contains("load.workers is 2") == true)
    let failure = #expect(throws: EngineFailure.self) {
      _ = try Testbed(
        try TestRun.scenario("counter", strategies: ["redis.lock"]) { $0.load.hosts = 2 }, executable: TestRun.contend,
        interruption: -1)
    }
    #expect(failure?.kind == .usage)
  }
}
