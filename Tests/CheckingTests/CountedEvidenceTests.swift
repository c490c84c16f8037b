import Checking
import Model
import Testing

/// Checkers that judge what workers compared while they ran: returned values and reads.
struct CountedEvidenceTests {
  private func counterEvidence(compared: Int64, duplicates: Int64, listed: [(key: Int, value: Int64)] = []) throws
    -> [CheckResult]
  {
    let counter = try makeWorkload("counter", keys: 9)
    var evidence = makeEvidence(
      counter, final: Array(repeating: 1, count: 9), acknowledged: Array(repeating: [1], count: 9))
    evidence.total[.comparedValues] = compared
    evidence.total[.duplicateValues] = duplicates
    evidence.duplicates = listed
    return check(counter, evidence)
  }

  @Test("values that are all different pass")
  func uniqueValues() throws {
    #expect(
      try counterEvidence(compared: 9, duplicates: 0).named("unique-returns")
        == CheckResult(checker: "unique-returns", examined: 9))
  }

  @Test("a strategy that returns no values is judged by the other checkers alone")
  func nothingCompared() throws {
    let results = try counterEvidence(compared: 0, duplicates: 0)
    #expect(results.map(\.checker) == ["ledger"])
    #expect(results.verdict == .pass)
  }

  @Test("duplicates are listed with record and value; those beyond the list are summed")
  func duplicates() throws {
    let result = try counterEvidence(compared: 9, duplicates: 5, listed: [(key: 3, value: 42), (key: 8, value: 7)])
      .named("unique-returns")
    #expect(
      result.findings
        == [
          Finding(.duplicateValue, key: 3, count: 1), Finding(.duplicateValue, key: 8, count: 1),
          Finding(.duplicateValue, key: nil, count: 3),
        ])
    #expect(result.violations.first?.observed == "42 returned again")
  }

  @Test("duplicates that were only counted are a violation too")
  func duplicatesWithoutList() throws {
    #expect(
      try counterEvidence(compared: 0, duplicates: 2).findings == [Finding(.duplicateValue, key: nil, count: 2)])
  }

  @Test(
    "torn and stale reads are violations of their own kinds",
    arguments: [
      (0, 0, []), (3, 0, [Finding(.tornRead, key: nil, count: 3)]), (0, 2, [Finding(.staleRead, key: nil, count: 2)]),
      (1, 1, [Finding(.tornRead, key: nil, count: 1), Finding(.staleRead, key: nil, count: 1)]),
    ] as [(Int64, Int64, [Finding])])
  func reads(torn: Int64, stale: Int64, findings: [Finding]) throws {
    let profile = try makeWorkload("profile")
    var evidence = makeEvidence(profile, final: [1, 1], acknowledged: [[1], [1]])
    evidence.total[.committed] += 50
    evidence.total[.committedReads] = 50
    evidence.total[.tornReads] = torn
    evidence.total[.staleReads] = stale
    let results = check(profile, evidence)
    #expect(results.findings == findings)
    #expect(results.verdict == (findings.isEmpty ? .pass : .violation))
    #expect(results.map(\.examined) == [50, 50, 50, 2])
  }

  @Test("a read-heavy trial without a committed read proves nothing")
  func noReads() throws {
    let profile = try makeWorkload("profile")
    let results = check(profile, makeEvidence(profile, final: [1, 1], acknowledged: [[1], [1]]))
    #expect(results.map(\.verdict) == [.unknown, .unknown, .unknown, .pass])
    #expect(results.first?.remark == "no operation that only reads committed")
  }
}
