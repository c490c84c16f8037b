import Checking
import Model
import Testing

/// What is judged of operations over several databases.
struct SpanningTests {
  @Test("branches that recovery has left are a violation, those that it has ended are none")
  func inDoubt() throws {
    let transfer = try makeWorkload("transfer", keys: 2)
    var evidence = makeEvidence(transfer, final: [97, 103], acknowledged: [[-3], [3]])
    let checker = InDoubtBranches()
    #expect(checker.check(evidence, of: transfer)?.verdict == .unknown, "nobody was asked")
    evidence.remains[InDoubtBranches.question] = [[0, 2, 0], [1, 0, 0]]
    #expect(checker.check(evidence, of: transfer)?.verdict == .pass)
    evidence.remains[InDoubtBranches.question] = [[0, 2, 0], [1, 3, 3]]
    let result = try #require(checker.check(evidence, of: transfer))
    #expect(result.findings == [Finding(.inDoubtBranch, key: nil, count: 3)])
    #expect(result.violations[0].observed == "3 in database 2")
  }

  @Test("an unbalanced audit is a violation, and allowed where no snapshot is promised")
  func audits() throws {
    let transfer = try makeWorkload("transfer", keys: 2, ["audits": .number(0.5)])
    var evidence = makeEvidence(transfer, final: [97, 103], acknowledged: [[-3], [3]])
    let name = "balanced-audits"
    #expect(try check(transfer, evidence).named(name).verdict == .unknown, "nobody has audited")
    evidence.total[.auditedSnapshots] = 10
    #expect(try check(transfer, evidence).named(name).verdict == .pass)
    evidence.total[.unbalancedSnapshots] = 2
    #expect(try check(transfer, evidence).named(name).findings == [Finding(.tornRead, key: nil, count: 2)])
    evidence.readsSnapshots = false
    let allowed = try check(transfer, evidence).named(name)
    #expect(allowed.verdict == .pass && allowed.allowed == [AllowedAnomaly(.tornRead, count: 2)])
  }
}
