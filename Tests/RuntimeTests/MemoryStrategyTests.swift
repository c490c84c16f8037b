import MemoryStrategies
import Model
import Runtime
import Testing
import TrialSupport
import Workloads

/// Every in-process strategy under every workload that it can run: four threads, real contention.
@Suite(.serialized)
struct MemoryStrategyTests {
  /// Runs a trial once, or for as long as it takes the control to show what is expected of it: on a busy machine the
  /// workers may run one after the other.
  private func run(
    _ strategy: String, _ workload: WorkloadSettings, until isShown: (TrialOutcome) -> Bool = { _ in true }
  ) throws -> TrialOutcome {
    var trial = Trial(
      inMemory: try #require(MemoryRegistry.strategies.first { $0.descriptor.id == strategy }), workload)
    return try repeated(until: isShown) {
      defer { trial.seed += 1 }
      return try trial.run()
    }
  }

  @Test(
    "no strategy loses anything",
    arguments: TrialCase.all(MemoryRegistry.strategies.map(\.descriptor).filter { $0.grade == .forbidden }))
  func correct(_ planned: TrialCase) throws {
    let outcome = try run(planned.strategy, planned.workload)
    outcome.expectProtection(started: 20_000)
  }

  /// What sells out has sold out before four threads meet.
  @Test("the control is caught", arguments: WorkloadRegistry.samples.filter { $0.showsRaces && !$0.sellsOut })
  func control(_ workload: WorkloadSettings) throws {
    let outcome = try run("memory.none", workload) { $0.showsViolation }
    outcome.expectViolation()
  }

  @Test("torn reads and duplicate values of the control are seen")
  func watchedControl() throws {
    let torn = try #require(ProfileWorkload.samples.last)
    let profile = try run("memory.none", torn) { $0.kinds.contains(.tornRead) }
    #expect(profile.kinds.contains(.tornRead))
    let counter = try run("memory.none", WorkloadSettings(kind: "counter")) {
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
      let outcome = try Trial(inMemory: entry, kind, keys: 3).run()
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
