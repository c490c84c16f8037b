import MemoryStrategies
import Model
import Runtime
import Testing
import Workloads

/// Every in-process strategy under every workload that it can run: four threads, real contention.
@Suite(.serialized)
struct MemoryStrategyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let strategy: String
    let workload: String
    let keys: Int
    var options: [String: OptionValue] = [:]
    var testDescription: String { "\(strategy), \(workload) with \(keys) keys" }

    var trial: MemoryTrial { MemoryTrial(workload, keys: keys, options) }

    /// Runs the trial once, or for as long as it takes the control to show what is expected of it: on a busy machine
    /// the workers may run one after the other.
    func run(until isShown: (TrialOutcome) -> Bool = { _ in true }) throws -> TrialOutcome {
      let entry = try #require(MemoryRegistry.strategies.first { $0.descriptor.id == strategy })
      var trial = trial
      var outcome = try trial.run(entry)
      for seed in UInt64(100)..<120 where !isShown(outcome) {
        trial.seed = seed
        outcome = try trial.run(entry)
      }
      return outcome
    }
  }

  private static let workloads: [(kind: String, keys: Int, options: [String: OptionValue])] = [
    ("counter", 1, [:]), ("counter", 16, [:]),
    ("stock", 1, [:]), ("stock", 1, ["initial": .integer(5000), "amount": .integer(3)]),
    ("seats", 2, [:]), ("seats", 6, ["span": .integer(3)]),
    ("transfer", 4, [:]),
    ("profile", 1, ["fields": .integer(1)]), ("profile", 2, ["fields": .integer(4), "reads": .number(0.5)]),
  ]

  static let cases: [Case] = MemoryRegistry.strategies.flatMap { entry in
    workloads.filter { kind, keys, options in
      let settings = WorkloadSettings(kind: kind, keys: keys, options: Options([], stated: options))
      guard let needed = WorkloadRegistry.make(settings)?.applicability else { return false }
      switch entry.descriptor.applicability {
      case .any: return true
      case .singleKey: return needed != .any
      case .unguardedAdd: return needed == .unguardedAdd
      }
    }.map { Case(strategy: entry.descriptor.id, workload: $0.kind, keys: $0.keys, options: $0.options) }
  }

  @Test("no strategy loses anything", arguments: cases.filter { $0.strategy != "memory.none" })
  func correct(_ planned: Case) throws {
    let outcome = try planned.run()
    outcome.expectCountsAddUp()
    #expect(outcome.verdict == .pass, "\(outcome.checks)")
    #expect(outcome.total[.overlaps] == 0)
    #expect(outcome.total[.started] == 20_000)
    #expect(outcome.total[.committed] > 0)
  }

  @Test(
    "the control is caught",
    arguments: cases.filter { $0.strategy == "memory.none" && $0.options["fields"] != .integer(1) })
  func control(_ planned: Case) throws {
    let outcome = try planned.run { $0.verdict == .violation && $0.total[.overlaps] > 0 }
    outcome.expectCountsAddUp()
    #expect(outcome.verdict == .violation, "\(outcome.checks)")
    #expect(outcome.total[.overlaps] > 0)
  }

  @Test("torn reads and duplicate values of the control are seen")
  func watchedControl() throws {
    let profile = try Case(
      strategy: "memory.none", workload: "profile", keys: 1, options: ["fields": .integer(4), "reads": .number(0.5)]
    ).run { $0.kinds.contains(.tornRead) }
    #expect(profile.kinds.contains(.tornRead))
    let counter = try Case(strategy: "memory.none", workload: "counter", keys: 1).run {
      $0.kinds.contains(.duplicateValue)
    }
    #expect(counter.kinds.contains(.duplicateValue))
    #expect(counter.total[.comparedValues] == counter.total[.committed])
  }

  @Test("every lock composes with another store", arguments: ["counter", "transfer"])
  func composed(kind: String) throws {
    let entries = MemoryLocks().locks(OverRecords(MemoryRecords.self, "elsewhere"))
    #expect(entries.count == 7)
    for entry in entries {
      #expect(entry.descriptor.store == "elsewhere")
      let outcome = try MemoryTrial(kind, keys: 3).run(entry)
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .pass, "\(entry.descriptor.id): \(outcome.checks)")
      #expect(outcome.total[.overlaps] == 0)
    }
  }

  @Test("ids and aliases are unique and belong to the backend")
  func registry() {
    let names = MemoryRegistry.strategies.flatMap { [$0.descriptor.id] + $0.descriptor.aliases }
    #expect(Set(names).count == names.count)
    #expect(MemoryRegistry.strategies.allSatisfy { $0.descriptor.id.hasPrefix("memory.") })
    #expect(Set(["mutex", "cas"]).isSubset(of: names))
  }
}
