import Checking
import Model
import Testing

/// Transfers never change the sum of all accounts.
struct ConservationTests {
  @Test(
    "moved money passes, with or without unknown transfers",
    arguments: [[97, 103], [100, 100], [93, 107]] as [[Int64]])
  func passes(final: [Int64]) throws {
    let transfer = try makeWorkload("transfer", keys: 2)
    let evidence = makeEvidence(transfer, final: final, acknowledged: [[-3], [3]], unknown: [[-4, 3], [4, -3]])
    #expect(try check(transfer, evidence).named("conservation") == CheckResult(checker: "conservation", examined: 2))
  }

  @Test(
    "created and destroyed money is found, whatever is unknown",
    arguments: [(1, 1), (-1, 1), (5, 1), (6, 2), (-11, 3)] as [(Int64, Int64)])
  func violations(difference: Int64, count: Int64) throws {
    let transfer = try makeWorkload("transfer", keys: 3)
    let evidence = makeEvidence(
      transfer, final: [97, 103, 100 + difference], acknowledged: [[-3], [3], []],
      unknown: [[], [], [-100, 100]])
    let results = check(transfer, evidence)
    #expect(try results.named("conservation").findings == [Finding(.conservation, key: nil, count: count)])
    #expect(try results.named("ledger").verdict == .pass)
  }

  @Test("a lost debit and a lost credit of the same amount cancel in the sum; the ledgers show them")
  func cancellingFaults() throws {
    let transfer = try makeWorkload("transfer", keys: 2)
    let results = check(transfer, makeEvidence(transfer, final: [100, 100], acknowledged: [[-3], [3]]))
    #expect(try results.named("conservation").verdict == .pass)
    #expect(
      try results.named("ledger").findings
        == [Finding(.lostUpdate, key: 0, count: 1), Finding(.lostUpdate, key: 1, count: 1)])
  }
}
