import Engine
import Model
import Runtime
import StrategyCatalog
import Testing

/// Three servers that agree, in place of one.
@Suite(.serialized) struct EnsembleTests {
  @Test("strategies hold against three servers that agree", arguments: ["zookeeper", "etcd"])
  func agreement(service: String) throws {
    let strategies = StrategyCatalog.descriptors.filter {
      $0.services(over: nil) == [service] && $0.grade == .forbidden && !$0.id.hasPrefix("floor.")
        && $0.applicability != .election
    }
    var scenario = try TestRun.scenario(
      "transfer", keys: 3, options: ["initial": .integer(10)], strategies: strategies.map(\.id)
    ) { variant in
      variant.load.duration = nil
      variant.load.operations = 60
      variant.load.warmup = .zero
      variant.load.processes = 2
      variant.retry.deadline = .seconds(60)
    }
    scenario.services.locations[service] = .ensemble
    var observer = TestRun()
    try Run(scenario, executable: TestRun.contend, interruption: -1).execute(&observer)
    #expect(observer.results.count == strategies.count && strategies.count >= 3)
    for result in observer.results {
      #expect(result.failure == nil && result.verdict == .pass, "\(result.strategyID): \(result.checks)")
      #expect(result.total.outcomes == 60 && result.total[.committed] > 20, "\(result.strategyID)")
    }
    let settings = observer.servers[service]?.settings ?? [:]
    #expect(settings["members"] == "3", "\(settings)")
  }
}
