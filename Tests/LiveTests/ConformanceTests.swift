import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
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
  /// DynamoDB, of which there is no server: they have tests of their own.
  static let groups = StrategyCatalog.descriptors
    .filter { !$0.id.hasPrefix("floor.") && !$0.id.hasPrefix("dynamodb.") }
    .filter { !["postgres.for-share-upgrade", "postgres.pooled-advisory-lock"].contains($0.id) }
    .reduce(into: [Group]()) { groups, strategy in
      let services = strategy.services(over: nil)
      if let index = groups.firstIndex(where: { $0.services == services }) {
        groups[index].strategies.append(strategy)
      } else {
        groups.append(Group(services: services, strategies: [strategy]))
      }
    }

  private static let workloads: [(kind: String, keys: Int, options: [String: OptionValue])] = [
    ("counter", 1, [:]), ("stock", 1, ["initial": .integer(150)]), ("transfer", 3, ["initial": .integer(10)]),
    ("seats", 6, ["span": .integer(2)]), ("profile", 2, ["fields": .integer(4), "reads": .number(0.5)]),
    ("on-call", 2, [:]),
  ]

  /// These read one snapshot and check only what they write, which is not enough to decide over both.
  private static let allowWriteSkew = ["postgres.repeatable-read"]

  @Test("in two processes nothing is lost, and all is counted", arguments: groups)
  func exactCounts(_ group: Group) throws {
    for workload in Self.workloads {
      let able = group.strategies.filter { $0.scope != .process && Self.runs($0, workload.kind) }
      try Self.check(able, workload, processes: 2)
    }
  }

  @Test("what protects the threads of one process does so", arguments: groups)
  func oneProcess(_ group: Group) throws {
    for workload in Self.workloads {
      let able = group.strategies.filter { $0.scope == .process && Self.runs($0, workload.kind) }
      try Self.check(able, workload, processes: 1)
    }
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

  private static func runs(_ strategy: StrategyDescriptor, _ kind: String) -> Bool {
    switch strategy.applicability {
    case .any: true
    case .singleKey: ["counter", "stock"].contains(kind)
    case .unguardedAdd: kind == "counter"
    }
  }

  private static func check(
    _ strategies: [StrategyDescriptor], _ workload: (kind: String, keys: Int, options: [String: OptionValue]),
    processes: Int
  ) throws {
    guard !strategies.isEmpty else { return }
    let operations = 240
    let scenario = try TestRun.scenario(
      workload.kind, keys: workload.keys, options: workload.options, strategies: strategies.map(\.id), workers: 6
    ) { variant in
      variant.load.processes = processes
      variant.load.duration = nil
      variant.load.operations = operations
      variant.load.warmup = .zero
      variant.workload.hold = .microseconds(100)
      variant.retry.deadline = .seconds(20)
    }
    let results = try TestRun.run(scenario)
    #expect(results.count == strategies.count)
    for strategy in strategies {
      let result = try #require(results.first { $0.strategyID == strategy.id })
      let name = "\(strategy.id), \(workload.kind)"
      #expect(result.failure == nil, "\(name): \(result.failure ?? "")")
      #expect(result.total.outcomes == Int64(operations), "\(name)")
      #expect(result.total.openOperations == 0 && result.total.openAttempts == 0, "\(name)")
      let isProtected = workload.kind != "on-call" || !Self.allowWriteSkew.contains(strategy.id)
      if strategy.grade == .forbidden && isProtected { #expect(result.verdict == .pass, "\(name): \(result.checks)") }
      // Of the controls at least the plainest workload must be seen to go wrong, or this suite could not fail.
      if strategy.grade == .required, workload.kind == "counter" { #expect(result.verdict == .violation, "\(name)") }
    }
  }
}
