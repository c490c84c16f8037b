import Checking
import Model
import Testing

/// No record is ever below its bound, and no more is taken than there was.
struct MinimumTests {
  @Test(
    "selling all there is passes; one more, as told to the buyers, is oversold", arguments: [(3, 0), (4, 1), (7, 4)])
  func oversell(sold: Int, excess: Int) throws {
    let stock = try makeWorkload("stock", ["initial": .integer(3)])
    let evidence = makeEvidence(stock, final: [0], acknowledged: [Array(repeating: -1, count: sold)])
    #expect(
      try check(stock, evidence).named("minimum").findings
        == (excess == 0 ? [] : [Finding(.oversell, key: 0, count: Int64(excess))]))
  }

  @Test("unknown purchases are not counted as sold")
  func unknownPurchases() throws {
    let stock = try makeWorkload("stock", ["initial": .integer(3)])
    let evidence = makeEvidence(stock, final: [0], acknowledged: [[-1, -1]], unknown: [[-1, -1, -1]])
    #expect(check(stock, evidence).verdict == .pass)
  }

  @Test("what buyers were told is enough: overselling is found without the final state")
  func oversellWithoutFinalState() throws {
    let stock = try makeWorkload("stock", ["initial": .integer(3)])
    let result = try check(stock, makeEvidence(stock, final: nil, acknowledged: [[-1, -1, -1, -1]])).named("minimum")
    #expect(result.findings == [Finding(.oversell, key: 0, count: 1)])
    #expect(result.remark == "the final state could not be read")
  }

  @Test(
    "a stored value below the bound is a negative balance",
    arguments: [(0, 0), (-1, 1), (-5, 1), (-6, 2)] as [(Int64, Int64)])
  func negativeBalance(final: Int64, count: Int64) throws {
    let transfer = try makeWorkload("transfer", keys: 2, ["initial": .integer(5)])
    let evidence = makeEvidence(
      transfer, final: [final, 10 - final], acknowledged: [[-5], [5]], unknown: [[-6, 6], [-6, 6]])
    #expect(
      try check(transfer, evidence).named("minimum").findings
        == (count == 0 ? [] : [Finding(.negativeBalance, key: 0, count: count)]))
  }

  @Test("an account that acknowledged debits overdraw is found although the store lost them")
  func overdrawnByAcknowledged() throws {
    let transfer = try makeWorkload("transfer", keys: 2, ["initial": .integer(5)])
    let evidence = makeEvidence(transfer, final: [0, 10], acknowledged: [[-5, -4], [5, 4]])
    #expect(try check(transfer, evidence).named("minimum").findings == [Finding(.negativeBalance, key: 0, count: 1)])
  }
}
