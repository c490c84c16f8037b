import Checking
import Model
import Testing
import Workloads

/// What stores took from leaders that had been replaced.
struct StaleEffectsTests {
  private func check(attempted: Int64, accepted: Int64) throws -> CheckResult {
    let workload = try #require(WorkloadRegistry.make(WorkloadSettings(kind: "election")))
    var total = Tally()
    total[.committed] = 10
    total[.staleEffectsAttempted] = attempted
    total[.staleEffectsAccepted] = accepted
    let evidence = Evidence(initial: [0], final: [10], ledger: [LedgerEntry()], total: total)
    return try #require(StaleEffects().check(evidence, of: workload))
  }

  @Test("what came too late and was refused harms nobody")
  func refused() throws {
    let result = try check(attempted: 3, accepted: 0)
    #expect(result.verdict == .pass && result.examined == 10)
  }

  @Test("what came too late and was taken is found")
  func taken() throws {
    let result = try check(attempted: 3, accepted: 2)
    #expect(result.verdict == .violation)
    #expect(result.violations.map(\.kind) == [.staleEffect] && result.violations.map(\.count) == [2])
  }
}
