import Model
import ScenarioReader
import StrategyCatalog
import Testing
import Workloads

/// What the program really knows fits the format of scenario files.
@Suite struct CatalogTests {
  private let reader = ScenarioReader(
    vocabulary: Vocabulary(
      workloads: WorkloadRegistry.descriptors, strategies: StrategyCatalog.descriptors,
      services: StrategyCatalog.services, composed: StrategyCatalog.descriptor(named:),
      problem: { WorkloadRegistry.type(withID: $0.kind)?.problem(in: $0) },
      applicability: { WorkloadRegistry.make($0)?.applicability ?? .any },
      isOrdered: { WorkloadRegistry.make($0)?.isOrdered ?? true }))

  @Test func optionsHideNoKeyOfTheFormat() {
    let taken = ["kind", "keys", "distribution", "theta", "hold", "think", "id", "label", "over", "expect"]
    let options =
      WorkloadRegistry.descriptors.flatMap(\.options) + StrategyCatalog.descriptors.flatMap(\.options)
    #expect(options.filter { taken.contains($0.name) }.isEmpty)
  }

  @Test func everyServiceOfAStrategyIsOneOfABackend() {
    let names = StrategyCatalog.services.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(StrategyCatalog.services.allSatisfy { !$0.schemes.isEmpty })
    for strategy in StrategyCatalog.descriptors {
      for store in strategy.stores.map(Optional.some) + [nil] {
        #expect(Set(strategy.services(over: store)).isSubset(of: names), "\(strategy.id)")
      }
    }
  }

  @Test func namesOfStrategiesAreUnique() {
    let names = StrategyCatalog.descriptors.flatMap { [$0.id] + $0.aliases }
    #expect(Set(names).count == names.count)
  }

  @Test func databasesOfOneServerGiveAWarning() throws {
    func warnings(_ second: String, _ strategy: String = "two-phase-commit") throws -> [String] {
      let text =
        "workload: transfer\nstrategies: [\(strategy)]\nservices:\n  postgres: postgresql://a:b@db/one\n"
        + "  postgres-2: \(second)\n"
      return reader.warnings(about: try reader.read(text: text, path: "a.yaml"))
    }
    #expect(
      try warnings("postgresql://c@db/two") == [
        "postgres and postgres-2 are databases of one server, by their addresses: they share its disk and its limits, "
          + "such as that of prepared transactions"
      ])
    #expect(try warnings("postgresql://other/two").isEmpty)
    #expect(try warnings("managed").isEmpty)
  }

  @Test func jobsThatAreLongerThanPeriodOrLeaseGiveAWarning() throws {
    func warnings(_ lock: String, work: String = "400ms", period: String = "1s") throws -> [String] {
      let text =
        "workload: {kind: job, work: \(work), period: \(period)}\n"
        + "strategies: [{id: \(lock), over: postgres.purge, label: a}]\n"
      return reader.warnings(about: try reader.read(text: text, path: "a.yaml"))
    }
    #expect(
      try warnings("redis.lock, ttl: 100ms") == [
        "the work of a run takes 400ms, longer than a holds its lock, 100ms, and nothing renews it: others get in meanwhile"
      ])
    #expect(try warnings("postgres.shedlock, lock-at-most-for: 100ms").count == 1)
    #expect(try warnings("redis.lock, ttl: 100ms, renew: true").isEmpty)
    #expect(try warnings("redis.lock").isEmpty && warnings("postgres.advisory-lock").isEmpty)
    #expect(
      try warnings("redis.lock", work: "2s") == [
        "the work of a run takes 2s, longer than the period of 1s: runs of two ticks meet, or ticks are missed"
      ])
  }

  @Test func effectsOfLeadersThatAreLongerThanTheirLeaseGiveAWarning() throws {
    func warnings(_ lock: String) throws -> [String] {
      let text = "workload: {kind: election, hold: 400ms}\nstrategies: [{id: \(lock), label: a}]\n"
      return reader.warnings(about: try reader.read(text: text, path: "a.yaml"))
    }
    #expect(
      try warnings("redis.lock, ttl: 100ms") == [
        "an effect takes 400ms, longer than the lease of a, 100ms, which nothing renews meanwhile: another one leads by then"
      ])
    #expect(try warnings("redis.lock, ttl: 100ms, renew: true").isEmpty)
    #expect(try warnings("redis.lock").isEmpty && warnings("postgres.lease").isEmpty)
  }

  @Test func locksInsideOneProcessAndUnorderedTransfersGiveAWarning() throws {
    func warnings(_ workload: String, _ strategies: String, workers: Int = 8) throws -> [String] {
      let text = "workload: \(workload)\nload: {workers: \(workers)}\nstrategies: [\(strategies)]\n"
      return reader.warnings(about: try reader.read(text: text, path: "a.yaml"))
    }
    let unordered = "{kind: transfer, ordered: false}"
    let all = try warnings(
      unordered, "memory.mutex, {id: memory.mcs, over: postgres}, memory.actor, memory.none, redis.lock, advisory-lock")
    #expect(all.count == 1)
    #expect(all[0].contains("trials of memory.mutex, memory.mcs+postgres will"))
    #expect(try warnings("transfer", "memory.mutex").isEmpty)
    #expect(try warnings("counter", "memory.mutex").isEmpty)
    #expect(try warnings(unordered, "memory.actor, redis.lua, postgres.for-update").isEmpty)
    #expect(try warnings(unordered, "memory.mutex", workers: 1).isEmpty)
  }

  @Test func fenceNeedsALockWithTokensAndAStoreThatComparesThem() throws {
    func problems(_ strategy: String) -> String {
      do {
        _ = try reader.read(text: "workload: counter\nstrategies: [\(strategy)]\n", path: "a.yaml")
        return ""
      } catch { return "\(error)" }
    }
    for strategy in [
      "{id: redis.lock, fence: write}", "{id: redis.lock, over: postgres, fence: read-and-write}", "redis.fenced-lock",
      "{id: memory.mutex, over: postgres, fence: write}", "{id: memory.mutex, fence: none}",
      "{id: redis.lock, over: memory, fence: write}",
    ] { #expect(problems(strategy) == "", "\(strategy)") }
    #expect(problems("{id: redis.redlock, fence: write}").contains("redis.redlock gives no fencing token"))
    #expect(problems("{id: redis.lock, fence: reads}").contains("read-and-write"))
    #expect(problems("{id: postgres.for-update, fence: none}").contains("plain records of a store; remove 'fence'"))
    #expect(problems("{id: memory.mutex, fence: write}").contains("the records of memory do not compare"))
    for backend in StrategyCatalog.descriptors.filter({
      $0.fencedStores.isEmpty && !$0.stores.isEmpty && !$0.takesProgram
    }) {
      #expect(problems("{id: \(backend.id), fence: write}").contains("gives no fencing token"))
    }
  }

  /// Also shows that every default lies within the limits of its own option, because what is shown is read again.
  @Test(arguments: WorkloadRegistry.descriptors.map(\.id))
  func everyWorkloadReadsBackWithItsDefaults(kind: String) throws {
    // It needs scripts, see `ScriptReadingTests`.
    if kind == "script" { return }
    let strategies = [
      "list-append": "postgres.for-update", "payment": "postgres.idempotency-key", "click": "postgres.idempotency-key",
      "job": "postgres.purge", "election": "redis.lock",
    ]
    let strategy = strategies[kind] ?? "memory.mutex"
    let read = try reader.read(text: "workload: \(kind)\nstrategies: [\(strategy)]\n", path: "a.yaml")
    #expect(try reader.read(text: reader.describe(read), path: "b.yaml") == read)
  }

  @Test(arguments: StrategyCatalog.descriptors)
  func everyStrategyReadsBackWithItsDefaults(strategy: StrategyDescriptor) throws {
    for name in [strategy.id] + strategy.aliases {
      let others: [(Applicability, String)] = [(.unguardedAdd, "counter"), (.job, "job"), (.election, "election")]
      let workload = others.first { strategy.covers($0.0) }?.1 ?? "payment"
      let stated =
        strategy.takesProgram
        ? "{external: contend adapter run exclusive, as: \(strategy.id.dropFirst(9)), options: {a: 1, b: x y}}" : name
      let settings = strategy.covers(.script) ? "{kind: script, transactions: SELECT 1;}" : workload
      let read = try reader.read(text: "workload: \(settings)\nstrategies: [\(stated)]\n", path: "a.yaml")
      #expect(read.strategies.map(\.id) == [strategy.id])
      #expect(try reader.read(text: reader.describe(read), path: "b.yaml") == read)
    }
  }

  #if SQLite
  @Test(arguments: [
    ("journal: memory", "strategies.0.journal: "),
    ("synchronous: extra", "strategies.0.synchronous"), ("busy-timeout: 2h", "strategies.0.busy-timeout"),
    ("busy-timeout: 5", "strategies.0.busy-timeout"), ("ttl: 5s", "unknown key 'ttl'"),
  ])
  func optionsOfSQLiteAreValidated(option: String, message: String) {
    let problems = #expect(throws: ScenarioProblems.self) {
      try reader.read(text: "workload: counter\nstrategies: [{id: sqlite.immediate, \(option)}]\n", path: "a.yaml")
    }
    #expect(problems?.problems.count == 1)
    #expect(problems?.problems.first?.description.contains(message) == true, "\(String(describing: problems))")
  }
  #endif
}
