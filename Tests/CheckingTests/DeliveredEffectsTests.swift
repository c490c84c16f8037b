import Checking
import Model
import Testing

/// What became of requests that may be delivered twice: one effect each, recorded, and one response.
struct DeliveredEffectsTests {
  /// Two accounts; three requests were acknowledged on the first and two on the second.
  private func evidence(_ remains: [String: [[Int64]]]) throws -> Evidence {
    var evidence = makeEvidence(
      try makeWorkload("payment", keys: 2), final: [3, 2], acknowledged: [[1, 1, 1], [1, 1]])
    for (question, rows) in remains { evidence.remains[question] = rows }
    return evidence
  }

  private func conclude(_ checker: some Checker, _ evidence: Evidence) throws -> CheckResult? {
    checker.check(evidence, of: try makeWorkload("payment", keys: 2))
  }

  @Test("one effect for every request passes")
  func passes() throws {
    var evidence = try evidence([
      EffectQuestion.accounts: [[0, 3, 3], [1, 2, 2]], EffectQuestion.repeated: [], EffectQuestion.missing: [],
      EffectQuestion.unrecorded: [],
    ])
    evidence.total[.replays] = 4
    #expect(try conclude(SingleEffects(), evidence) == CheckResult(checker: "single-effects", examined: 5))
    #expect(try conclude(KeptEffects(), evidence) == CheckResult(checker: "kept-effects", examined: 5))
    #expect(try conclude(RecordedEffects(), evidence) == CheckResult(checker: "recorded-effects", examined: 5))
    #expect(try conclude(SameResponses(), evidence) == CheckResult(checker: "same-responses", examined: 4))
  }

  @Test("a request with three effects is two too many, and what is not listed is counted")
  func repeated() throws {
    var evidence = try evidence([
      EffectQuestion.accounts: [[0, 3, 5], [1, 2, 2]], EffectQuestion.repeated: [[0, 7, 0, 3]],
    ])
    #expect(try conclude(SingleEffects(), evidence)?.findings == [Finding(.duplicateEffect, key: 0, count: 2)])
    evidence.remains[EffectQuestion.accounts] = [[0, 3, 5], [1, 2, 6]]
    #expect(
      try conclude(SingleEffects(), evidence)?.findings
        == [Finding(.duplicateEffect, key: 0, count: 2), Finding(.duplicateEffect, key: nil, count: 4)])
  }

  @Test("acknowledged requests without an effect, and responses without one, are lost")
  func lost() throws {
    let evidence = try evidence([
      EffectQuestion.accounts: [[0, 1, 1]], EffectQuestion.repeated: [], EffectQuestion.missing: [[3, 9, 1]],
    ])
    #expect(
      try conclude(KeptEffects(), evidence)?.findings == [
        Finding(.lostEffect, key: 0, count: 2), Finding(.lostEffect, key: 1, count: 2),
        Finding(.lostEffect, key: 1, count: 1),
      ])
  }

  @Test("requests that had an effect and were not acknowledged are no loss")
  func unknown() throws {
    let evidence = try evidence([EffectQuestion.accounts: [[0, 4, 4], [1, 2, 2]]])
    #expect(try conclude(KeptEffects(), evidence)?.verdict == .pass)
  }

  @Test("an effect whose key is not finished is found")
  func unrecorded() throws {
    let evidence = try evidence([
      EffectQuestion.accounts: [[0, 3, 3], [1, 2, 2]], EffectQuestion.unrecorded: [[1, 4, 1]],
    ])
    #expect(try conclude(RecordedEffects(), evidence)?.findings == [Finding(.unrecordedEffect, key: 1, count: 1)])
  }

  @Test("responses that differ are found")
  func different() throws {
    var evidence = try evidence([:])
    evidence.total[.differentResponses] = 2
    #expect(try conclude(SameResponses(), evidence)?.findings == [Finding(.differentResponse, key: nil, count: 2)])
  }

  @Test("nothing is concluded from what was not asked")
  func unasked() throws {
    let evidence = try evidence([:])
    #expect(try conclude(SingleEffects(), evidence) == nil && conclude(KeptEffects(), evidence) == nil)
    #expect(try conclude(RecordedEffects(), evidence) == nil && conclude(SameResponses(), evidence) == nil)
  }
}
