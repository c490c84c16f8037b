import Model
import Runtime
import Testing
import TrialSupport

@testable import RedisStrategies

extension RedisTests {
  /// A lock that is held over many operations.
  @Suite struct Leases {
    private func run(ttl: Duration, hold: Duration) throws -> TrialOutcome {
      var trial = try Trial(
        planted: StrategyEntry(
          RedisLock.descriptor(over: "redis"), UnderLease<RedisLock, Unprotected<RedisRecords>>.self))
      trial.workers = 2
      trial.operations = 40
      trial.options = ["ttl": .duration(ttl)]
      trial.workload.hold = hold
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      return outcome
    }

    @Test("a lease that is renewed is never lost, and nobody else gets it meanwhile")
    func renewed() throws {
      let outcome = try run(ttl: .milliseconds(300), hold: .milliseconds(2))
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 40)
      #expect(outcome.total[.leaseLost] == 0 && outcome.total[.expiredHolds] == 0 && outcome.total[.overlaps] == 0)
      // The second one waits until the first is done and its lease has ended.
      #expect(outcome.total[.polls] > 10)
    }

    @Test("a lease that is too short for an operation is found lost before the next one, and taken again")
    func lost() throws {
      let outcome = try run(ttl: .milliseconds(3), hold: .milliseconds(8))
      #expect(outcome.total[.committed] == 40)
      #expect(outcome.total[.leaseLost] > 10 && outcome.total[.leaseLost] == outcome.total[.expiredHolds])
      #expect(outcome.verdict == .violation, "two leaders worked at once and nothing stopped them")
    }
  }
}
