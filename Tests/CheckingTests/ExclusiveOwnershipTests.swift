import Checking
import Model
import Testing

/// A seat has at most one owner at a time.
struct ExclusiveOwnershipTests {
  private let checker = "exclusive-ownership"

  @Test("claimed, released and claimed again passes")
  func passes() throws {
    let seats = try makeWorkload("seats", keys: 3)
    let evidence = makeEvidence(seats, final: [7, 0, 0], acknowledged: [[1, -1, 1], [1, -1], []])
    #expect(try check(seats, evidence).named(checker) == CheckResult(checker: checker, examined: 5))
  }

  @Test("two owners of a seat, three of another, and one who lost it are found")
  func doubleBookings() throws {
    let seats = try makeWorkload("seats", keys: 4)
    let evidence = makeEvidence(seats, final: [7, 8, 9, 0], acknowledged: [[1, 1], [1, 1, 1], [1], [1, 1, -1]])
    #expect(
      try check(seats, evidence).named(checker).findings
        == [
          Finding(.doubleBooking, key: 0, count: 1), Finding(.doubleBooking, key: 1, count: 2),
          Finding(.doubleBooking, key: 3, count: 1),
        ])
  }

  @Test("an unknown release explains one claim more, and not two", arguments: [(2, false), (3, true)])
  func unknownReleases(claims: Int, violates: Bool) throws {
    let seats = try makeWorkload("seats")
    let evidence = makeEvidence(
      seats, final: [7], acknowledged: [Array(repeating: 1, count: claims)], unknown: [[-1]])
    #expect(check(seats, evidence).verdict == (violates ? .violation : .pass))
  }

  @Test("an unknown claim may have landed or not, and explains an owner only once")
  func unknownClaims() throws {
    let seats = try makeWorkload("seats")
    for final: Int64 in [0, 7] {
      let evidence = makeEvidence(seats, final: [final], acknowledged: [[1, -1]], unknown: [[1]])
      #expect(check(seats, evidence).verdict == .pass)
    }
    let evidence = makeEvidence(seats, final: [7], acknowledged: [[1, -1]])
    #expect(check(seats, evidence).findings == [Finding(.phantomUpdate, key: 0, count: 1)])
  }

  @Test("more than one owner is found without the final state")
  func withoutFinalState() throws {
    let seats = try makeWorkload("seats", keys: 2)
    let result = try check(seats, makeEvidence(seats, final: nil, acknowledged: [[1], [1, 1]])).named(checker)
    #expect(result.findings == [Finding(.doubleBooking, key: 1, count: 1)])
  }

  @Test(
    "a value that no worker stores is found when the tokens are known",
    arguments: [(1, 0), (8, 0), (9, 1), (-1, 1)] as [(Int64, Int)])
  func foreignValue(stored: Int64, violations: Int) throws {
    let seats = try makeWorkload("seats")
    var evidence = makeEvidence(seats, final: [stored], acknowledged: [[1]])
    #expect(check(seats, evidence).verdict == .pass)
    evidence.tokens = 1...8
    #expect(
      check(seats, evidence).findings == Array(repeating: Finding(.phantomUpdate, key: 0, count: 1), count: violations))
  }
}
