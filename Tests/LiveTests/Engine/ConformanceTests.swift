import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport
import Workloads

/// What every strategy of the catalogue must do, whatever its backend. What is particular to a backend, its planted
/// faults included, stands in the suites of the backends.
@Suite(.serialized) struct ConformanceTests {
  /// Strategies that need the same servers, and so share a run.
  struct Group: Sendable, CustomTestStringConvertible {
    let services: [String]
    var strategies: [StrategyDescriptor]
    var testDescription: String { services.isEmpty ? "no server" : services.joined(separator: ", ") }
  }

  /// All but those that deadlock or leave locks behind on purpose, and then wait a second each time, and those of
  /// DynamoDB, of which there is no server, and those that run no workload of numbers: they have tests of their own.
  static let groups = StrategyCatalog.descriptors
    .filter { !$0.id.hasPrefix("floor.") && !$0.id.hasPrefix("dynamodb.") }
    .filter { $0.covers(.unguardedAdd) }
    .filter { !["postgres.for-share-upgrade", "postgres.pooled-advisory-lock"].contains($0.id) }
    // No program that does whole operations is built in.
    .filter { $0.id != "external.records" }
    .reduce(into: [Group]()) { groups, strategy in
      let services = strategy.services(over: nil)
      if let index = groups.firstIndex(where: { $0.services == services }) {
        groups[index].strategies.append(strategy)
      } else {
        groups.append(Group(services: services, strategies: [strategy]))
      }
    }

  @Test("in two processes nothing is lost, and all is counted", arguments: groups)
  func exactCounts(_ group: Group) throws {
    try Self.check(group.strategies.filter { $0.scope != .process }, processes: 2)
  }

  @Test("what protects the threads of one process does so", arguments: groups)
  func oneProcess(_ group: Group) throws {
    try Self.check(group.strategies.filter { $0.scope == .process }, processes: 1)
  }

  @Test("who waits too long gives up and leaves nothing behind", arguments: groups)
  func timeouts(_ group: Group) throws {
    let able = group.strategies.filter { strategy in
      strategy.grade == .forbidden && strategy.options.contains { $0.name == "timeout" }
    }
    guard !able.isEmpty else { return }
    var scenario = try TestRun.scenario("counter", strategies: able.map(\.id), workers: 6) { variant in
      variant.load.duration = nil
      variant.load.operations = 30
      variant.load.warmup = .zero
      variant.workload.hold = .milliseconds(30)
      // Where a disk takes longer than the limit to sync, no lock that is written is ever got.
      variant.retry.deadline = .seconds(3)
    }
    for index in scenario.strategies.indices {
      scenario.strategies[index].options = Options(
        able[index].options, stated: ["timeout": .duration(.milliseconds(15))])
    }
    // That the run ends without an error says that no table and no key was left.
    for result in try TestRun.run(scenario) {
      #expect(result.failure == nil && result.verdict == .pass, "\(result.strategyID): \(result.checks)")
      #expect(result.total[.lockTimeout] + result.total[.notAcquired] > 0, "\(result.strategyID)")
      #expect(result.total.outcomes == 30 && result.total.openOperations == 0, "\(result.strategyID)")
    }
  }

  @Test(
    "whoever decides over more than it protects leaves nobody on call",
    arguments: ["postgres.none", "postgres.repeatable-read", "mariadb.repeatable-read", "sqlite.none", "memory.none"])
  func writeSkew(strategy: String) throws {
    let scenario = try TestRun.scenario("on-call", keys: 2, strategies: [strategy], workers: 8) { variant in
      variant.load.duration = .milliseconds(600)
      variant.workload.hold = .microseconds(200)
    }
    let result = try #require(try TestRun.run(scenario).first)
    #expect(result.failure == nil && result.violations.contains { $0.kind == .writeSkew }, "\(result.checks)")
  }

  // MARK: one run of a group

  private static let operations = 240
  /// One record, two at once, and what is taken and given back; the suites of the backends run all samples, in one
  /// process.
  private static let samples = ["counter", "transfer", "seats"].compactMap { kind in
    WorkloadRegistry.samples.first { $0.kind == kind }
  }

  /// Runs strategies under the samples that they can run. Those that can run the same share a run, and
  /// with it the start of their servers.
  private static func check(_ strategies: [StrategyDescriptor], processes: Int) throws {
    for applicability in Set(strategies.map(\.applicability)) {
      let able = strategies.filter { $0.applicability == applicability }
      let samples = samples.filter(able[0].runs)
      let results = try TestRun.run(scenario(able, samples, processes))
      #expect(results.count == able.count * samples.count)
      for strategy in able {
        for sample in samples {
          let result = results.first { $0.strategyID == strategy.id && $0.cell.variant == sample.sampleName }
          expect(try #require(result), strategy, sample)
        }
      }
    }
  }

  private static func scenario(
    _ strategies: [StrategyDescriptor], _ samples: [WorkloadSettings], _ processes: Int
  ) throws -> Scenario {
    var scenario = try TestRun.scenario("counter", strategies: strategies.map(\.id), workers: 6) { variant in
      variant.load.processes = processes
      variant.load.duration = nil
      variant.load.operations = operations
      variant.load.warmup = .zero
      variant.retry.deadline = .seconds(20)
    }
    scenario.variants = samples.map { sample in
      var variant = scenario.variants[0]
      variant.name = sample.sampleName
      variant.workload = sample
      variant.workload.hold = .microseconds(100)
      return variant
    }
    return scenario
  }

  private static func expect(_ result: TrialResult, _ strategy: StrategyDescriptor, _ sample: WorkloadSettings) {
    let name = "\(strategy.id), \(sample.sampleName)"
    #expect(result.failure == nil, "\(name): \(result.failure ?? "")")
    #expect(result.total.outcomes == Int64(operations), "\(name)")
    #expect(result.total.openOperations == 0 && result.total.openAttempts == 0, "\(name)")
    if strategy.protects(sample) { #expect(result.verdict == .pass, "\(name): \(result.checks)") }
    // Of the controls at least the plainest workload must be seen to go wrong, or this suite could not fail.
    if strategy.grade == .required, sample.kind == strategy.plainestVictim {
      #expect(result.verdict == .violation, "\(name)")
    }
  }
}
