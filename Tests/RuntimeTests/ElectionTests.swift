import Model
import Runtime
import Testing
import TrialSupport

@testable import MemoryStrategies

/// Leaders and their terms, in virtual time.
struct ElectionTests {
  private func run(
    _ entry: StrategyEntry, _ options: [String: OptionValue], effects: Int = 0, hold: Duration,
    workers: Int = 3, operations: Int = 30
  ) throws -> TrialOutcome {
    var trial = Trial(
      inMemory: entry, "election", ["effects": .integer(effects), "away": .duration(.seconds(1))])
    trial.isInVirtualTime = true
    trial.options = options
    trial.workload.hold = hold
    trial.operations = operations
    trial.workers = workers
    trial.samplingInterval = 1
    trial.retry.backoff = .exponential
    trial.retry.base = .seconds(1)
    trial.retry.cap = .seconds(10)
    trial.retry.deadline = .seconds(100_000)
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    #expect(outcome.total[.committed] == operations)
    return outcome
  }

  private var renewed: StrategyEntry {
    OverFencedRecords(MemoryRecords.self, FencedMemoryRecords.self, "memory")
      .entry(leadingFenced: { _ in LeaseLock.descriptor }, LeaseLock.self, fence: .none)
  }

  private func observed(
    _ options: [String: OptionValue] = [:], effects: Int = 0, hold: Duration = .seconds(1)
  ) throws -> TrialOutcome {
    let entry = OverFencedRecords(MemoryRecords.self, FencedMemoryRecords.self, "memory")
      .entry(leadingFenced: { _ in MemoryLeases.descriptor }, ObservedLease<MemoryLeases>.self, fence: .none)
    return try run(entry, options, effects: effects, hold: hold)
  }

  private func seconds(_ outcome: TrialOutcome) throws -> Double {
    Double(try #require(outcome.collected.lastCommit)) / 1e9
  }

  @Test("a lease that is renewed before every effect lasts a whole term", arguments: [Fence.none, .write])
  func terms(fence: Fence) throws {
    let outcome = try run(
      renewed, ["lifetime": .duration(.seconds(5)), Fence.optionName: .word(fence.rawValue)], effects: 5,
      hold: .seconds(3))
    #expect(outcome.kinds.isEmpty && outcome.total[.overlaps] == 0 && outcome.total[.leaseLost] == 0)
    // One effect after the other, and next to nothing in between.
    #expect((90..<95).contains(try seconds(outcome)))
  }

  @Test("a leader whose effect takes longer than its lease is replaced meanwhile, and loses updates")
  func replaced() throws {
    let outcome = try run(renewed, ["lifetime": .duration(.seconds(5))], hold: .seconds(8), workers: 2)
    #expect(outcome.kinds.contains(.lostUpdate), "\(outcome.checks)")
    #expect(outcome.total[.overlaps] > 0 && outcome.total[.leaseLost] > 0)
  }

  @Test("who gives an observed lease back is followed at the next try of a candidate")
  func givenBack() throws {
    let outcome = try observed(["release-on-cancel": .flag(true)], effects: 5)
    #expect(outcome.kinds.isEmpty && outcome.total[.overlaps] == 0)
    // 30 effects of a second; six terms, between which a candidate sleeps for 4.4 s at the most.
    #expect((30.0...(30 + 6 * 4.4)).contains(try seconds(outcome)))
  }

  @Test("a lease that is not given back runs out, also for who has resigned")
  func runsOut() throws {
    let outcome = try observed(effects: 5)
    #expect(outcome.kinds.isEmpty && outcome.total[.overlaps] == 0)
    // 30 effects of a second in six terms; between each two a lease of 15 s from the last renewal, 13 to 23.8 s in all.
    #expect((95.0...149.0).contains(try seconds(outcome)))
  }

  @Test("a leader that cannot renew resigns before another can lead")
  func cutOff() throws {
    let outcome = try observed(
      ["cut-after": .duration(.seconds(5)), "release-on-cancel": .flag(true)], hold: .seconds(2))
    #expect(outcome.kinds.isEmpty && outcome.total[.overlaps] == 0)
    #expect(outcome.total[.leaseLost] == 1 && outcome.total[.staleEffectsAttempted] == 0)
    // Others have led meanwhile.
    #expect(outcome.collected.fairness.committed.count { $0 > 0 } > 1)
  }

  @Test("a scale shortens all times")
  func scaled() throws {
    let whole = try seconds(observed(effects: 10))
    let scaled = try seconds(observed(["scale": .number(0.01)], effects: 10, hold: .milliseconds(10)))
    #expect(scaled < whole / 10)
  }

  @Test("times that do not fit together are refused", arguments: ["renew-deadline", "retry-period"])
  func misfits(option: String) {
    let options = Options(LeaseTimes.options, stated: [option: .duration(.seconds(15))])
    #expect(throws: SetupFailure.self) { try LeaseTimes(options) }
  }
}
