import Checking
import Model
import Testing
import Workloads

/// Double bookings that leave nothing behind: both owners gave the unit back.
@Suite struct DoubleClaimTests {
  private func conclusion(doubleClaims: Int64, acknowledged: Int64) throws -> CheckResult {
    let workload = try #require(
      WorkloadRegistry.make(WorkloadSettings(kind: "seats", options: Options(SeatsWorkload.descriptor.options))))
    var total = Tally()
    total[.committed] = 10
    total[.doubleClaims] = doubleClaims
    let evidence = Evidence(
      initial: [0], final: [0], ledger: [LedgerEntry(acknowledged: acknowledged, acknowledgedCount: 10)], total: total)
    return try #require(check(workload, evidence).first { $0.checker == "exclusive-ownership" })
  }

  @Test func noneIsAPass() throws { #expect(try conclusion(doubleClaims: 0, acknowledged: 0).verdict == .pass) }

  @Test func theyAreFoundThoughNothingIsLeft() throws {
    let result = try conclusion(doubleClaims: 3, acknowledged: 0)
    #expect(result.verdict == .violation)
    #expect(result.violations.map(\.kind) == [.doubleBooking])
    #expect(result.violations.map(\.count) == [3])
  }

  @Test func thoseThatAreLeftAreCountedOnce() throws {
    let result = try conclusion(doubleClaims: 3, acknowledged: 2)
    #expect(result.violations.reduce(0) { $0 + $1.count } == 3)
  }
}
