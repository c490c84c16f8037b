import Checking
import Model
import Testing

/// Of two doctors of a shift at most one is away.
struct CoveredPairsTests {
  private let checker = "covered-pairs"

  @Test("one of each pair away passes")
  func passes() throws {
    let shifts = try makeWorkload("on-call", keys: 4)
    let evidence = makeEvidence(shifts, final: [7, 0, 0, 8], acknowledged: [[1], [1, -1], [], [1]])
    #expect(try check(shifts, evidence).named(checker) == CheckResult(checker: checker, examined: 4))
  }

  @Test("both of a pair away at the end, and neighbours of two pairs not")
  func left() throws {
    let shifts = try makeWorkload("on-call", keys: 6)
    let evidence = makeEvidence(
      shifts, final: [0, 7, 8, 0, 9, 1], acknowledged: [[], [1], [1], [], [1], [1]])
    #expect(check(shifts, evidence).findings == [Finding(.writeSkew, key: 4, count: 1)])
  }

  @Test("pairs without cover are found though both came back")
  func watched() throws {
    let shifts = try makeWorkload("on-call", keys: 2)
    var evidence = makeEvidence(shifts, final: [0, 0], acknowledged: [[1, -1], [1, -1]])
    evidence.total[.uncoveredPairs] = 3
    #expect(check(shifts, evidence).findings == [Finding(.writeSkew, key: nil, count: 3)])
    evidence = makeEvidence(shifts, final: [7, 8], acknowledged: [[1], [1]])
    evidence.total[.uncoveredPairs] = 3
    #expect(
      check(shifts, evidence).findings
        == [Finding(.writeSkew, key: 0, count: 1), Finding(.writeSkew, key: nil, count: 3)])
  }
}
