import Checking
import Model
import Testing

/// Orders take effect in all services or in none.
struct WholeOrdersTests {
  /// Two records of each service; of price 7 and quantity 2, from 100.
  private func result(_ final: [Int64]?) throws -> CheckResult {
    let workload = try makeWorkload(
      "order", keys: 8, ["price": .integer(7), "quantity": .integer(2), "initial": .integer(100)])
    let evidence = makeEvidence(workload, final: final, acknowledged: Array(repeating: [1], count: 8))
    return try check(workload, evidence).named("whole-orders")
  }

  @Test(
    "as many orders in every service pass, on whichever records, also when an unknown one took effect",
    arguments: [
      [0, 100, 100, 100, 0, 100, 100, 100], [2, 93, 98, 99, 1, 86, 96, 98], [1, 79, 100, 97, 2, 100, 94, 100],
    ] as [[Int64]])
  func passes(final: [Int64]) throws {
    #expect(try result(final) == CheckResult(checker: "whole-orders", examined: 8))
  }

  @Test(
    "an order that one service does not know is found",
    arguments: [
      // Not paid, not taken, not sent, not noted, and paid twice.
      ([3, 86, 96, 98, 0, 100, 98, 99], 1), ([3, 86, 96, 98, 0, 93, 100, 99], 1), ([3, 86, 96, 98, 0, 93, 98, 100], 1),
      ([1, 86, 96, 98, 0, 93, 98, 99], 2), ([3, 79, 96, 98, 0, 93, 98, 99], 1),
    ] as [([Int64], Int64)])
  func halves(final: [Int64], count: Int64) throws {
    #expect(try result(final).findings == [Finding(.mixedOutcome, key: nil, count: count)])
  }

  @Test("what is no whole number of orders is found although the rest adds up")
  func remainders() throws {
    let found = try result([1, 92, 98, 99, 0, 100, 100, 100])
    #expect(found.findings == [Finding(.mixedOutcome, key: nil, count: 1)])
    #expect(found.violations[0].observed == "1 noted, 1 paid, 1 taken from the stock, 1 sent")
    #expect(found.violations[0].evidence.contains("no whole number"))
  }

  @Test("without the final state nothing is told")
  func unknown() throws {
    #expect(try result(nil).verdict == .unknown)
  }
}
