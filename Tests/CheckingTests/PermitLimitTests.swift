import Checking
import Model
import Testing

/// At most so many work at once.
struct PermitLimitTests {
  private func conclude(_ rows: [[Int64]]?) throws -> CheckResult? {
    let counter = try makeWorkload("counter", keys: 1)
    var evidence = makeEvidence(counter, final: [0], acknowledged: [[0]])
    evidence.remains[PermitLimit.question] = rows
    return PermitLimit().check(evidence, of: counter)
  }

  @Test("as many as there are permits, and fewer")
  func passes() throws {
    let result = try #require(try conclude([[3, 100, 0, 3]]))
    #expect(result.verdict == .pass && result.examined == 100)
    #expect(try conclude([[3, 2, 0, 1]])?.verdict == .pass)
  }

  @Test("more than there are permits")
  func tooMany() throws {
    let result = try #require(try conclude([[3, 100, 7, 5]]))
    #expect(result.violations.map(\.kind) == [.tooManyHolders] && result.violations[0].count == 7)
    #expect(result.violations[0].observed == "up to 5")
  }

  @Test("nothing was asked, and nobody worked")
  func nothing() throws {
    #expect(try conclude(nil) == nil)
    #expect(try conclude([[3, 0, 0, 0]])?.verdict != .violation)
  }
}
