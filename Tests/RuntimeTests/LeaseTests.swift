import Model
import Runtime
import Testing
import TrialSupport

@testable import MemoryStrategies

/// Locks that end by themselves: minutes of holding, in virtual time.
struct LeaseTests {
  private func run(lifetime: Duration, hold: Duration, renew: Bool = false) throws -> TrialOutcome {
    var trial = Trial(inMemory: StrategyEntry(LeaseLock.descriptor, Locked<LeaseLock, MemoryRecords>.self))
    trial.isInVirtualTime = true
    trial.options = ["lifetime": .duration(lifetime), "renew": .flag(renew)]
    trial.workload.hold = hold
    trial.operations = 40
    trial.samplingInterval = 1
    return try trial.run()
  }

  @Test("a lease that outlasts the work protects it, and one that is prolonged does", arguments: [false, true])
  func lasting(renew: Bool) throws {
    let outcome = try run(lifetime: .seconds(renew ? 5 : 30), hold: .seconds(12), renew: renew)
    outcome.expectProtection(started: 40)
    #expect(outcome.total[.committed] == 40 && outcome.total[.polls] > 0)
    // One after the other, with 150 ms at the most until somebody notices that it is free.
    let seconds = Double(try #require(outcome.collected.lastCommit)) / 1e9
    #expect((480..<486).contains(seconds), "\(seconds) s")
  }

  @Test("a lease that ends during the work is caught, and its holder knows")
  func ending() throws {
    let outcome = try run(lifetime: .seconds(5), hold: .seconds(8))
    outcome.expectViolation()
    #expect(outcome.kinds.isSuperset(of: [.lostUpdate, .duplicateValue]))
    #expect(outcome.total[.committed] == 40 && outcome.total[.expiredHolds] > 0)
  }
}
