import Checking
import Model
import Testing

/// A record must end at its initial value plus what was acknowledged, give or take what is unknown.
struct LedgerTests {
  @Test("a counter that holds every acknowledged addition passes")
  func counterPasses() throws {
    let counter = try makeWorkload("counter", keys: 2)
    let result = try check(counter, makeEvidence(counter, final: [3, 1], acknowledged: [[1, 1, 1], [1]])).named(
      "ledger")
    #expect(result == CheckResult(checker: "ledger", examined: 4))
  }

  @Test("dropped and doubled additions are told apart, with record and count")
  func counterViolations() throws {
    let counter = try makeWorkload("counter", keys: 3)
    let acknowledged: [[Int64]] = [[1, 1, 1], [1, 1], [1]]
    let result = try check(counter, makeEvidence(counter, final: [1, 2, 4], acknowledged: acknowledged)).named("ledger")
    #expect(result.verdict == .violation)
    #expect(
      result.findings == [Finding(.lostUpdate, key: 0, count: 2), Finding(.phantomUpdate, key: 2, count: 3)])
    let lost = try #require(result.violations.first)
    #expect(lost.expected == "3")
    #expect(lost.observed == "1")
    #expect(lost.evidence == "initial value 0, 3 acknowledged changes of +3 in all; off by 2")
  }

  @Test(
    "unknown additions explain values up to their number, and not one more",
    arguments: [
      (final: 2, kind: Violation.Kind.lostUpdate), (3, nil), (4, nil), (5, nil), (6, .phantomUpdate),
    ] as [(final: Int64, kind: Violation.Kind?)])
  func unknownSlack(final: Int64, kind: Violation.Kind?) throws {
    let counter = try makeWorkload("counter")
    let evidence = makeEvidence(counter, final: [final], acknowledged: [[1, 1, 1]], unknown: [[1, 1]])
    #expect(
      try check(counter, evidence).named("ledger").findings == (kind.map { [Finding($0, key: 0, count: 1)] } ?? []))
  }

  @Test(
    "unknown debits and credits widen the interval on both sides",
    arguments: [(91, true), (92, false), (100, false), (108, false), (109, true)] as [(Int64, Bool)])
  func unknownOfBothSigns(final: Int64, violates: Bool) throws {
    let transfer = try makeWorkload("transfer", keys: 2)
    let evidence = makeEvidence(
      transfer, final: [final, 200 - final], acknowledged: [[-3, 3], [3, -3]],
      unknown: [[-5, -3, 4, 4], [5, 3, -4, -4]])
    let keys = try check(transfer, evidence).named("ledger").findings.filter { $0.kind == .lostUpdate }.map(\.key)
    #expect(keys == (violates ? [0, 1] : []))
  }

  @Test("a stock that stays too high has lost purchases; one that fell too far had some applied twice")
  func directionOfPurchases() throws {
    let stock = try makeWorkload("stock", keys: 2, ["initial": .integer(10)])
    let evidence = makeEvidence(stock, final: [9, 6], acknowledged: [[-1, -1, -1], [-1, -1, -1]])
    #expect(
      try check(stock, evidence).named("ledger").findings
        == [Finding(.lostUpdate, key: 0, count: 2), Finding(.phantomUpdate, key: 1, count: 1)])
  }

  @Test(
    "unknown purchases may have lowered the stock, and never raised it",
    arguments: [(5, 0), (6, 0), (8, 0), (4, 1), (9, 1)])
  func unknownPurchases(final: Int, violations: Int) throws {
    let stock = try makeWorkload("stock", ["initial": .integer(10)])
    let evidence = makeEvidence(stock, final: [Int64(final)], acknowledged: [[-1, -1]], unknown: [[-1, -1, -1]])
    #expect(try check(stock, evidence).named("ledger").violations.count == violations)
  }

  @Test("with larger amounts the count is the least number of operations that explains the difference")
  func countOfAmounts() throws {
    let stock = try makeWorkload("stock", keys: 3, ["initial": .integer(100), "amount": .integer(4)])
    let evidence = makeEvidence(stock, final: [100, 96, 91], acknowledged: [[-1], [-4, -4], [-4, -4, -2]])
    #expect(
      try check(stock, evidence).named("ledger").findings
        == [
          Finding(.lostUpdate, key: 0, count: 1), Finding(.lostUpdate, key: 1, count: 1),
          Finding(.lostUpdate, key: 2, count: 1),
        ])
    let more = makeEvidence(stock, final: [100, 92, 90], acknowledged: [[-4, -1], [-4, -4], [-4, -4, -2]])
    #expect(try check(stock, more).named("ledger").findings == [Finding(.lostUpdate, key: 0, count: 2)])
  }

  @Test("claims count as occupancy, whatever the token in the record")
  func occupancy() throws {
    let seats = try makeWorkload("seats", keys: 4)
    let acknowledged: [[Int64]] = [[1], [1, -1], [1], [1, -1]]
    let good = makeEvidence(seats, final: [977, 0, 3, 0], acknowledged: acknowledged)
    #expect(try check(seats, good).named("ledger").verdict == .pass)
    let bad = makeEvidence(seats, final: [0, 5, 3, 0], acknowledged: acknowledged)
    #expect(
      try check(seats, bad).named("ledger").findings
        == [Finding(.lostUpdate, key: 0, count: 1), Finding(.phantomUpdate, key: 1, count: 1)])
  }

  @Test("values at the limits of 64 bits are reported and do not overflow")
  func extremes() throws {
    let counter = try makeWorkload("counter", keys: 2)
    let evidence = makeEvidence(counter, final: [.min, .max], acknowledged: [[1], [1]])
    #expect(
      try check(counter, evidence).named("ledger").findings
        == [Finding(.lostUpdate, key: 0, count: .max), Finding(.phantomUpdate, key: 1, count: .max - 1)])
  }
}
