#if MariaDB
import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

/// What a server, a database or a role has as default must not change what a strategy is.
@Suite(.serialized) struct ForeignDefaultsTests {
  /// Every strategy and floor of PostgreSQL and MariaDB over their own records.
  private static let strategies = StrategyCatalog.descriptors.filter {
    Set($0.services(over: nil)).isSubset(of: ["postgres", "pgbouncer", "mariadb"]) && !$0.services(over: nil).isEmpty
      && !$0.takesProgram
  }

  private static func run(
    _ strategies: [StrategyDescriptor], _ kind: String, keys: Int, operations: Int
  ) throws -> [TrialResult] {
    var scenario = try TestRun.scenario(kind, keys: keys, strategies: strategies.map(\.id), workers: 8) { variant in
      variant.load.duration = nil
      variant.load.operations = operations
      variant.load.warmup = .zero
      variant.workload.hold = .microseconds(300)
      variant.retry.deadline = .seconds(30)
    }
    for (service, url) in try ForeignServers.urls { scenario.services.locations[service] = .url(url) }
    // The other scope has no place to state anything, as its text says.
    for index in scenario.strategies.indices where scenario.strategies[index].id == "postgres.pooled-advisory-lock" {
      let options = try #require(StrategyCatalog.entry(id: scenario.strategies[index].id, over: nil)).descriptor.options
      scenario.strategies[index].options = Options(options, stated: ["scope": .word("transaction")])
    }
    let results = try TestRun.run(scenario)
    #expect(results.count == strategies.count)
    return results
  }

  private static func protects(_ strategy: StrategyDescriptor) -> Bool {
    strategy.grade == .forbidden || strategy.id == "postgres.pooled-advisory-lock"
  }

  @Test("every strategy keeps its promise, and every control is caught", arguments: ["counter", "payment"])
  func promises(workload: String) throws {
    let needed = workload == "counter" ? Applicability.unguardedAdd : .deliveries
    let strategies = Self.strategies.filter { $0.covers(needed) }
    #expect(strategies.count >= (workload == "counter" ? 30 : 4))
    let results = try Self.run(strategies, workload, keys: 1, operations: 160)
    for strategy in strategies {
      let result = try #require(results.first { $0.strategyID == strategy.id })
      #expect(result.failure == nil && result.firstError == nil, "\(strategy.id): \(result.failure ?? "")")
      #expect(result.total.outcomes == 160 && result.total[.failed] == 0, "\(strategy.id): \(result.firstError ?? "")")
      if Self.protects(strategy) { #expect(result.verdict == .pass, "\(strategy.id): \(result.checks)") }
      if strategy.grade == .required, !Self.protects(strategy) {
        #expect(result.verdict == .violation, "\(strategy.id)")
      }
    }
  }

  /// Two read what the other one changes: a snapshot that nobody asked for shows.
  @Test("whoever locks what it reads leaves nobody on call")
  func onCall() throws {
    let able = Self.strategies.filter {
      Self.protects($0) && $0.applicability == .any && $0.id != "postgres.repeatable-read"
    }
    for result in try Self.run(able, "on-call", keys: 2, operations: 200) {
      #expect(result.failure == nil && result.firstError == nil, "\(result.strategyID): \(result.firstError ?? "")")
      #expect(result.verdict == .pass, "\(result.strategyID): \(result.checks)")
    }
  }

  @Test("what is recorded are the defaults of the workers' sessions, not the driver's own settings")
  func description() throws {
    let administration = try StrategyCatalog.administration(
      of: "postgres", url: ForeignServers.url("postgres"), namespace: Trial.makeNamespace())
    let settings = try administration.describe().settings
    #expect(settings["default_transaction_isolation"] == "repeatable read")
    #expect(settings["default_transaction_read_only"] == "on")
    #expect(settings["statement_timeout"] == "50000ms" && settings["lock_timeout"] == "40000ms")
  }

  @Test("who checks snapshots finds conflicts, who does not loses updates", arguments: [false, true])
  func snapshotIsolation(isOn: Bool) throws {
    var trial = EngineTrial("mariadb.repeatable-read", operations: 300)
    trial.options = ["snapshot-isolation": .flag(isOn)]
    trial.hold = .microseconds(500)
    trial.urls = ["mariadb": try ForeignServers.url("mariadb")]
    let result = try trial.run()
    #expect(result.firstError == nil, "\(result.firstError ?? "")")
    #expect(result.verdict == (isOn ? .pass : .violation), "\(result.checks)")
    #expect((result.total[.conflict] > 0) == isOn)
  }
}
#endif
