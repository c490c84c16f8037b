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

  @Test(
    "a fence for reads and writes loses no update, although two believe to hold the lock", arguments: Fence.allCases)
  func fenced(fence: Fence) throws {
    let records = OverFencedRecords(MemoryRecords.self, FencedMemoryRecords.self, "memory")
    var trial = Trial(
      inMemory: records.entry(fencing: { _ in LeaseLock.descriptor }, LeaseLock.self, fence: .none))
    trial.isInVirtualTime = true
    trial.options = ["lifetime": .duration(.seconds(5)), "fence": .word(fence.rawValue)]
    trial.workload.hold = .seconds(8)
    trial.operations = 40
    trial.workers = 2
    trial.samplingInterval = 1
    // Whoever tries again at once overtakes the one by whom it was overtaken, and so on for ever: jitter ends that.
    trial.retry.backoff = .exponential
    trial.retry.base = .seconds(20)
    trial.retry.cap = .seconds(100)
    trial.retry.deadline = .seconds(100_000)
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    #expect(outcome.total[.committed] == 40 && outcome.total[.overlaps] > 0)
    #expect(outcome.kinds.contains(.lostUpdate) == (fence != .readAndWrite), "\(outcome.checks)")
    #expect((outcome.total[.leaseLost] > 0) == (fence == .readAndWrite))
    if fence != .none { #expect(outcome.total[.staleEffectsAccepted] == 0) }
  }

  @Test("a lease that ends during the work is caught, and its holder knows")
  func ending() throws {
    let outcome = try run(lifetime: .seconds(5), hold: .seconds(8))
    outcome.expectViolation()
    #expect(outcome.kinds.isSuperset(of: [.lostUpdate, .duplicateValue]))
    #expect(outcome.total[.committed] == 40 && outcome.total[.expiredHolds] > 0)
  }
}
